using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Watching;

/// <summary>
/// Holds the watermark to its word all the time: commits a tick now and then and remembers the log's end after each; reads the watermark, then the graph, which must have every
/// tick that was committed at or below.
/// </summary>
public sealed class WatermarkWatch : BackgroundWork
{
    private readonly FaultWorld _world;
    private readonly CancellationTokenSource _stopTicks;
    private readonly List<(long Number, Lsn Lsn)> _committed = [];
    private readonly List<string> _lies = [];
    private readonly Task _ticking;
    private NpgsqlConnection? _connection;
    private int _checks;

    public WatermarkWatch(FaultWorld world)
    {
        _world = world;
        _stopTicks = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        _ticking = Task.Run(() => RepeatAsync(40, TickAsync, _stopTicks.Token));
        Begin(() => RepeatAsync(150, CheckAsync, Stopping), () => _ticking);
    }

    /// <summary>How often the graph was read and held against a watermark.</summary>
    public int Checks => Volatile.Read(ref _checks);

    /// <summary>What a watermark said that the graph did not hold.</summary>
    public IReadOnlyList<string> Lies { get { lock (_lies) return [.. _lies]; } }

    /// <summary>Commits no more; the checks go on.</summary>
    public async Task StopTicksAsync()
    {
        await _stopTicks.CancelAsync();
        await _ticking;
        if (_connection is not null) await _connection.DisposeAsync();
    }

    /// <summary>
    /// Waits until the node's watermark has passed the last tick, whose graph is looked at, too: where nodes share the partitions of topics, the pipeline's state in the graph has no
    /// watermark, and a node that is ended again and again may tell of one only now.
    /// </summary>
    /// <exception cref="TimeoutException">It was not passed.</exception>
    public Task UntilPassedAsync(TimeSpan within)
    {
        Lsn last;
        lock (_committed) last = _committed.Count == 0 ? Lsn.Zero : _committed[^1].Lsn;
        return Eventually.AsyncTrue(async () =>
        {
            if (await NodeKeeper.StatusAsync(_world.Node.Current) is not { IsStreaming: true } status || Lsn.Parse(status.Pipeline.Watermark) < last) return false;
            await CompareAsync("the node", status.Pipeline.Watermark);
            return true;
        }, within, $"the node's watermark passes {last}");
    }

    private async Task TickAsync()
    {
        try
        {
            _connection ??= await _world.ConnectAsync();
            await using var tick = new NpgsqlCommand(
                "with t as (update ticks set n = n + 1 where id = 1 returning n) insert into probes select n from t returning id", _connection);
            var number = (long)(await tick.ExecuteScalarAsync())!;
            await using var end = new NpgsqlCommand("select pg_current_wal_insert_lsn()::text", _connection);
            var lsn = Lsn.Parse((string)(await end.ExecuteScalarAsync())!);
            lock (_committed) _committed.Add((number, lsn));
        }
        catch (NpgsqlException)
        {
            // of unknown outcome: not counted as committed
            if (_connection is not null) await _connection.DisposeAsync();
            _connection = null;
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            if (await _world.Graph.MarkAsync() is { IsCopied: true } mark) await CompareAsync("the graph", mark.Watermark);
            if (await NodeKeeper.StatusAsync(_world.Node.Current) is { IsStreaming: true } status) await CompareAsync("the node", status.Pipeline.Watermark);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or TaskCanceledException or InvalidOperationException)
        {
            // the graph's server is down, or just starting: nothing can be read
        }
    }

    private async Task CompareAsync(string who, string watermark)
    {
        var at = Lsn.Parse(watermark);
        long number;
        lock (_committed) number = _committed.Where(c => c.Lsn <= at).Select(c => c.Number).DefaultIfEmpty(0).Max();
        if (number == 0) return;
        var tick = await _world.Graph.NumberAsync("MATCH (t:Tick {id: 1}) RETURN t.n");
        var probes = await _world.Graph.NumberAsync($"MATCH (p:Probe) WHERE p.id <= {number} RETURN count(p)");
        Interlocked.Increment(ref _checks);
        if (tick >= number && probes == number) return;
        lock (_lies) _lies.Add($"{who} says {watermark}, where tick {number} is committed; the graph holds tick {tick} and {probes} probes up to {number}");
    }
}
