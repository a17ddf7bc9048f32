using System.Globalization;
using PolyglotSync.Cli.Terminal;

namespace PolyglotSync.SyncNode.Load.Report;

/// <summary>Shows a load while it runs: one line that is written anew where a person sees it, else one line a second. Goes to stderr.</summary>
internal sealed class LoadProgress(TextWriter messages, LoadTally tally, LatencyHistogram? toGraph, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const string Back = "\r";
    private const string ClearRest = "\u001b[K";

    private readonly bool _isTerminal = Screen.IsTerminal(messages);

    /// <summary>Until <paramref name="ended"/>.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        var started = clock.GetTimestamp();
        var (before, at) = (0L, started);
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) break;
            var (rows, now) = (tally.Rows, clock.GetTimestamp());
            var line = Line(clock.GetElapsedTime(started, now), rows, (rows - before) / clock.GetElapsedTime(at, now).TotalSeconds);
            if (_isTerminal) await messages.WriteAsync($"{Back}{line}{ClearRest}");
            else await messages.WriteLineAsync(line);
            (before, at) = (rows, now);
        }
        if (_isTerminal) await messages.WriteAsync($"{Back}{ClearRest}");
    }

    private string Line(TimeSpan since, long rows, double rowsPerSecond) => string.Create(CultureInfo.InvariantCulture,
        $"{since.TotalSeconds,4:0} s  {Amounts.Count(rows)} rows  {Amounts.Count((long)rowsPerSecond)} rows/s  {Amounts.Count(tally.Transactions)} transactions  "
        + $"commit p50 {Amounts.Milliseconds(tally.Commits.QuantileMs(0.5))} p99 {Amounts.Milliseconds(tally.Commits.QuantileMs(0.99))}{Graph()}{Errors()}");

    private string Graph() => toGraph is null ? "" : $"  to graph p50 {Amounts.Milliseconds(toGraph.QuantileMs(0.5))} p99 {Amounts.Milliseconds(toGraph.QuantileMs(0.99))}";

    private string Errors() => tally.Failed == 0 ? "" : $"  FAILED {Amounts.Count(tally.Failed)}";
}
