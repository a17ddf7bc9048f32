using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The live part: a writer, a measurement and the view, until the time is over or a person ends it.</summary>
internal sealed class DemoLive(DemoSettings settings, Node node, DemoTopics? topics, IDemoView view)
{
    /// <returns>What was written and how long it took to the graph, as a sentence.</returns>
    public async Task<string> RunAsync(string connection, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (settings.Seconds is { } limit) ended.CancelAfter(TimeSpan.FromSeconds(limit));
        var probe = new LatencyProbe(node.Pipelines, DemoRun.Pipeline);
        var writer = new LiveWriter(connection, settings.Rate, probe.Committed);
        // A writer or a measurement that fails ends the live part, too.
        var writing = EndsWith(writer.RunAsync(ended.Token), ended);
        var measuring = EndsWith(probe.RunAsync(ended.Token), ended);
        var started = Stopwatch.GetTimestamp();
        var rates = new LiveRates();
        rates.Look(started, 0, (await DemoRun.StatusAsync(node)).Pipeline?.RowsApplied ?? 0);
        await view.LiveAsync(async () =>
        {
            var (found, capture) = await DemoRun.StatusAsync(node);
            var status = found ?? throw new InvalidOperationException("a pipeline that ran is gone");
            var written = writer.Written;
            rates.Look(Stopwatch.GetTimestamp(), written, status.RowsApplied);
            return new DemoGlance(Stopwatch.GetElapsedTime(started).TotalSeconds, settings.Seconds, written, rates, status, probe.Percentiles())
            {
                Topics = topics, Capture = capture,
            };
        }, ended.Token);
        await writing;
        await measuring;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Amounts.Count(writer.Written)} statements in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; commit to graph {Latency(probe.Percentiles())}");
    }

    private static string Latency((double P50, double P99, int Samples)? latency) => latency is { } l
        ? string.Create(CultureInfo.InvariantCulture, $"p50 {l.P50:0.0} ms, p99 {l.P99:0.0} ms ({Amounts.Count(l.Samples)} samples)")
        : "was not measured: no sample";

    private static async Task EndsWith(Task work, CancellationTokenSource ended)
    {
        try
        {
            await work;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }
}
