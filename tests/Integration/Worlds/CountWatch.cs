using System.Globalization;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Worlds;

/// <summary>
/// Reads the graph again and again: rows that count their own changes never count back, as they would where one was applied a second time after a later one, or by a node that had lost its work. Where a reader can come
/// between two write transactions, what whole source transactions leave as it is has to be so each time.
/// </summary>
public sealed class CountWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(string Label, string Id), long> _last = [];
    private readonly List<string> _wrong = [];
    private readonly Task _reading;

    /// <param name="sum">What the balances come to that a pipeline writes in whole transactions; null where they cannot be read at one moment.</param>
    public CountWatch(World world, (string Pipeline, long Sum)? sum) => _reading = Task.Run(() => RunAsync(world, sum));

    public int Reads { get; private set; }

    /// <summary>What it saw that must not be.</summary>
    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (_wrong) return [.. _wrong];
        }
    }

    /// <summary>Looks no more; a second time without harm.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_reading.IsCompleted) return;
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task RunAsync(World world, (string Pipeline, long Sum)? sum)
    {
        using var pace = new PeriodicTimer(Pause);
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var node in (await world.ActualAsync()).Nodes) Look(node);
                if (sum is { } due && await world.BalanceAsync(due.Pipeline) is var balance && balance != due.Sum) Found($"the balances come to {balance}");
                Reads++;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // enough was seen
        }
    }

    private void Look(PictureNode node)
    {
        if (!node.Properties.TryGetValue("count", out var text) || !node.Properties.TryGetValue("id", out var id)) return;
        var count = long.Parse(text.AsSpan(text.IndexOf(' ', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        if (_last.TryGetValue((node.Labels, id), out var before) && count < before) Found($"{node.Labels} {id} counted {before}, and {count} after that");
        _last[(node.Labels, id)] = count;
    }

    private void Found(string wrong)
    {
        lock (_wrong) _wrong.Add(wrong);
    }
}
