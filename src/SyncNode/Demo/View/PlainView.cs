using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Cli.Terminal;

namespace PolyglotSync.SyncNode.Demo.View;

internal sealed class PlainView(TextWriter output) : IDemoView
{
    private static readonly TimeSpan CopyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CopyLineInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(1);

    public void Say(string message) => output.WriteLine(message);

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
                    $"first copy: {Amounts.Count(rows)} of {Amounts.Count(totalRows)} rows ({100.0 * rows / Math.Max(1, totalRows):0} %) in {seconds:0.0} s"));
            }
            if (done) return;
            await Task.Delay(CopyInterval, stop);
        }
    }

    public async Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(LiveInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var g = await look();
            Say(string.Create(CultureInfo.InvariantCulture,
                $"{g.Seconds,4:0} s  wrote {g.WrittenPerSecond:0}/s  applied {g.Pipeline.RowsPerSecond:0} rows/s  commit to graph p50 {Ms(g.Latency?.P50)} p99 {Ms(g.Latency?.P99)}  "
                + $"watermark {g.Pipeline.Watermark}  lag {Amounts.Bytes(g.Pipeline.LagBytes)}, {Amounts.Seconds(g.Pipeline.LagSeconds)}{Last(g)}"));
        }
    }

    private static string Ms(double? milliseconds) => Amounts.Milliseconds(milliseconds);

    private static string Last(DemoGlance glance) => glance.Pipeline.LastChanges is [var newest, ..] ? $"  last {newest}" : "";
}
