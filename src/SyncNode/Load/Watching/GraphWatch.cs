using System.Globalization;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Query;

namespace PolyglotSync.SyncNode.Load.Watching;

/// <summary>
/// Asks a graph again and again how far each connection's probe is. A probe is a row whose number each transaction of its connection raises: so the graph shows a transaction when it shows
/// its number or a later one, whoever carries the changes there.
/// </summary>
/// <param name="label">Of the probes.</param>
/// <param name="run">Tells this run's probes from those of earlier ones.</param>
internal sealed class GraphWatch(TargetSettings target, string label, string run, int connections, TimeSpan patience, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Between two questions, at the least.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    /// <summary>Of an answer's time, the pause after it: so that no more than a quarter of one session's time goes into asking, whatever the graph's machine is busy with.</summary>
    private const int PauseShare = 3;

    private readonly string _question = $"MATCH (p:{label}) WHERE p.run = '{run}' RETURN p.connection, p.number";
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    private IGraphReader? _reader;

    /// <summary>What this run's probes are marked with.</summary>
    public string Run { get; } = run;

    public PendingCommits Commits { get; } = new(connections, patience, clock);

    public string Target => target.Uri.ToString().TrimEnd('/');

    /// <exception cref="PipelineFailure">The graph cannot be asked.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        _reader = await GraphReaders.OpenAsync(target, stop);
        await AskAsync(stop);
    }

    /// <summary>Waits until the graph shows every connection's probe: so somebody carries them there.</summary>
    /// <exception cref="PipelineFailure">It does not in time.</exception>
    public async Task UntilCarriedAsync(string schema, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        while (await AskAsync(stop) < connections)
        {
            if (clock.GetElapsedTime(started) > patience)
            {
                throw new PipelineFailure(FailureClass.Fatal, string.Create(CultureInfo.InvariantCulture,
                    $"the graph at {Target} does not show (:{label} {{run: '{Run}'}}) after {patience.TotalSeconds:0} s: does a pipeline stream from this database to that graph, with schema {schema} (--schema {schema}, or source.schemas)? 'polysync status' says what it does"))
                { ExitCode = ExitCode.TimedOut };
            }
            await Task.Delay(Pause, clock, stop);
        }
    }

    /// <summary>Until all commits are shown or given up, once no more come.</summary>
    /// <param name="written">No more commits come.</param>
    /// <param name="stop">A person does not want to wait.</param>
    /// <returns>Why the rest is not known, where the graph went away; else null.</returns>
    public async Task<string?> RunAsync(CancellationToken written, CancellationToken stop)
    {
        var answered = clock.GetTimestamp();
        while (!stop.IsCancellationRequested && !(written.IsCancellationRequested && Commits.IsEmpty))
        {
            try
            {
                var asked = clock.GetTimestamp();
                if (!Commits.IsEmpty) await AskAsync(stop);
                answered = clock.GetTimestamp();
                _backoff.Reset();
                var pause = clock.GetElapsedTime(asked, answered) * PauseShare;
                await Task.Delay(pause > Pause ? pause : Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (PipelineFailure e)
            {
                if (clock.GetElapsedTime(answered) > patience)
                {
                    Commits.Abandon();
                    return e.Message;
                }
                await CloseAsync();
                await Task.Delay(_backoff.Next(), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            Commits.Expire();
        }
        Commits.Abandon();
        return null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <returns>Connections whose probe is there.</returns>
    private async Task<int> AskAsync(CancellationToken stop)
    {
        _reader ??= await GraphReaders.OpenAsync(target, stop);
        var answer = await _reader.QueryAsync(_question, stop);
        foreach (var row in answer.Rows)
        {
            if (row is [{ } connection, { } number]) Commits.Seen(int.Parse(connection, CultureInfo.InvariantCulture), long.Parse(number, CultureInfo.InvariantCulture));
        }
        return answer.Rows.Count;
    }

    private async Task CloseAsync()
    {
        if (_reader is { } reader) await reader.DisposeAsync();
        _reader = null;
    }
}
