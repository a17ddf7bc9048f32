using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.SyncNode.Demo.Compare;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>One line for one thing that happened; a line a second in the live part.</summary>
internal sealed class PlainView(TextWriter output) : IDemoView
{
    private static readonly TimeSpan CopyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CopyLineInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(1);

    public void Title(string text) => Say($"PolyglotSync demo: {text}");

    public void Say(string message) => output.WriteLine(message);

    public async Task<T> StepAsync<T>(string name, Func<Task<T>> work, Func<T, string> result)
    {
        var started = Stopwatch.GetTimestamp();
        var made = await work();
        Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {result(made)} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)"));
        return made;
    }

    public async Task CopyingAsync(long totalRows, Func<Task<(long Rows, bool Done)>> look, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var lastLine = started;
        while (true)
        {
            var (rows, done) = await look();
            if (done || Stopwatch.GetElapsedTime(lastLine) >= CopyLineInterval)
            {
                lastLine = Stopwatch.GetTimestamp();
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"first copy: {Amounts.Count(rows)} of {Amounts.Count(totalRows)} rows ({100.0 * rows / Math.Max(1, totalRows):0} %), {Amounts.Count((long)(rows / seconds))} rows/s ({seconds:0.0} s)"));
            }
            if (done) return;
            await Task.Delay(CopyInterval, stop);
        }
    }

    public void ByHand(IReadOnlyList<(string What, string Command)> commands)
    {
        Say("\nlive writes begin. From another terminal:");
        foreach (var (what, command) in commands) Say($"  {what,-7} {command}");
        Say("");
    }

    public async Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(LiveInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var g = await look();
            var last = g.Pipeline.LastChanges is [var newest, ..] ? $"  last {newest}" : "";
            var behind = g.Topics is null ? "" : $"  {Amounts.Count(g.Topics.Count)} topics, {Amounts.Count(g.Pipeline.LagMessages ?? 0)} messages behind";
            Say(string.Create(CultureInfo.InvariantCulture,
                $"{g.Seconds,4:0} s  {g.Pipeline.State.ToString().ToLowerInvariant()}  written {g.Rates.Written:0}/s  applied {g.Rates.Applied:0} rows/s  "
                + $"commit to graph p50 {Amounts.Milliseconds(g.Latency?.P50)} p99 {Amounts.Milliseconds(g.Latency?.P99)}  "
                + $"watermark {g.Pipeline.Watermark}  lag {Amounts.Bytes(g.Pipeline.LagBytes)}, {Amounts.Seconds(g.Pipeline.LagSeconds)}{behind}{last}"));
        }
    }

    public void Show(Verdict verdict, string watermark)
    {
        foreach (var part in verdict.Parts)
        {
            Say($"  {part.Table,-12} {Amounts.Count(part.Rows),10} {(part.Kind == PartKind.ForeignKey ? "keys" : "rows")} {Amounts.Count(part.Found),10} {part.Pattern}  {(part.Agrees ? "equal" : "DIFFERENT")}");
        }
        foreach (var difference in verdict.Differences) Say($"  {difference}");
        Say(verdict.Agrees ? $"graph and tables agree: {verdict.InNumbers} (watermark {watermark})" : $"GRAPH AND TABLES DIFFER (watermark {watermark})");
    }
}
