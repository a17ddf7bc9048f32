using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Compare;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The demo from its first server to its verdict. Servers and files are gone at the end, whatever the end is.</summary>
internal sealed class DemoRun(DemoSettings settings, IDemoView view)
{
    private const string Pipeline = "social";
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(120);

    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        using var scratch = new ScratchFolder();
        view.Say("starting PostgreSQL and the graph ...");
        await using var cluster = await PostgresCluster.StartAsync(scratch, stop);
        await using var target = await DemoTarget.StartAsync(settings.Target, scratch, stop);
        await target.RequireEmptyAsync(stop);
        var connection = cluster.ConnectionString(SocialSchema.Database);
        var rows = await SocialWorld.CreateAsync(cluster.ConnectionString("postgres"), connection, settings.Rows, stop);
        view.Say($"PostgreSQL holds the social world: {Amounts.Count(rows)} rows in 7 tables");

        var pipeline = new PipelineSettings
        {
            Name = Pipeline,
            Source = new SourceSettings { ConnectionString = connection },
            Target = target.Settings,
            Consistency = settings.Consistency,
        };
        await using var node = await Node.StartAsync(new NodeOptions(new Uri("http://127.0.0.1:0"), settings.LogLevel, settings.Hocon, ShowChanges: true), stop);
        node.Run(pipeline);
        await view.CopyingAsync(rows, () => CopiedAsync(node), stop);
        ByHand(cluster, target, node);
        await LiveAsync(node, connection, stop);
        var code = await VerdictAsync(node, pipeline, target, connection);
        await node.StopAsync();
        return code;
    }

    private static async Task<(long Rows, bool Done)> CopiedAsync(Node node)
    {
        var status = await StatusAsync(node);
        return (status?.Copy.Sum(c => c.Rows) ?? 0, status?.State == PipelineState.Streaming);
    }

    /// <returns>null where the pipeline has not been made yet.</returns>
    /// <exception cref="PipelineFailure">The pipeline stopped and needs a person.</exception>
    private static async Task<PipelineStatus?> StatusAsync(Node node)
    {
        if (node.Failed.IsCompleted) throw (await node.Failed).Failure;
        return (await node.Pipelines.StatusAsync(CancellationToken.None)).FirstOrDefault();
    }

    private void ByHand(PostgresCluster cluster, DemoTarget target, Node node)
    {
        view.Say($"""

            the graph is in step; live writes begin. While they run, from another terminal:
              insert   {cluster.Psql(SocialSchema.Database)} -c "INSERT INTO users (handle, name) VALUES ('me', 'Me')"
              ask      {target.ByHand}
              status   ./polysync status --api {node.Api.GetLeftPart(UriPartial.Authority)}

            """);
    }

    private async Task LiveAsync(Node node, string connection, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (settings.Seconds is { } limit) ended.CancelAfter(TimeSpan.FromSeconds(limit));
        var probe = new LatencyProbe(node.Pipelines, Pipeline);
        var writer = new LiveWriter(connection, settings.Rate, probe.Committed);
        // A writer or a measurement that fails ends the live part, too.
        var writing = EndsWith(writer.RunAsync(ended.Token), ended);
        var measuring = EndsWith(probe.RunAsync(ended.Token), ended);
        var started = Stopwatch.GetTimestamp();
        (long Written, long At) before = (0, started);
        await view.LiveAsync(async () =>
        {
            var status = await StatusAsync(node) ?? throw new InvalidOperationException("a pipeline that ran is gone");
            var (written, now) = (writer.Written, Stopwatch.GetTimestamp());
            var rate = (written - before.Written) / Math.Max(0.001, Stopwatch.GetElapsedTime(before.At, now).TotalSeconds);
            before = (written, now);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return new DemoGlance(seconds, settings.Seconds - seconds, rate, written, status, probe.Percentiles());
        }, ended.Token);
        await writing;
        await measuring;
        view.Say(string.Create(CultureInfo.InvariantCulture,
            $"wrote {Amounts.Count(writer.Written)} statements in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; commit to graph {Latency(probe.Percentiles())}"));
    }

    private static string Latency((double P50, double P99, int Samples)? latency) => latency is { } l
        ? string.Create(CultureInfo.InvariantCulture, $"p50 {l.P50:0.0} ms, p99 {l.P99:0.0} ms ({l.Samples} samples)")
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

    private async Task<ExitCode> VerdictAsync(Node node, PipelineSettings pipeline, DemoTarget target, string connection)
    {
        view.Say("writers are stopped; waiting for the graph to hold everything ...");
        using var bounded = new CancellationTokenSource(CatchUpTime * 2);
        var answer = await node.Pipelines.WaitAsync(Pipeline, null, CatchUpTime, bounded.Token);
        if (!answer.Reached)
        {
            view.Say($"the graph is at {answer.Watermark} after {CatchUpTime.TotalSeconds:0} s: it did not catch up");
            return ExitCode.TimedOut;
        }
        var verdict = await CompareAsync(pipeline, target, connection, bounded.Token);
        foreach (var difference in verdict.Differences) view.Say($"  {difference}");
        view.Say(verdict.Agrees
            ? $"graph and tables agree: {Amounts.Count(verdict.Rows)} rows are {Amounts.Count(verdict.Nodes)} nodes and {Amounts.Count(verdict.Relationships)} relationships, every property compared (watermark {answer.Watermark})"
            : "GRAPH AND TABLES DIFFER");
        return verdict.Agrees ? ExitCode.Success : ExitCode.Diverged;
    }

    private static async Task<Verdict> CompareAsync(PipelineSettings pipeline, DemoTarget target, string connection, CancellationToken cancellationToken)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        await using var source = rooms.CreateSource(pipeline);
        var schema = await source.DescribeAsync(cancellationToken);
        var (mapping, _) = rooms.CreateMapping(pipeline, schema);
        await using var tables = NpgsqlDataSource.Create(connection);
        await using var graph = await target.OpenReaderAsync();
        return await new GraphComparer(new TableReader(tables), graph, schema, mapping).CompareAsync(cancellationToken);
    }
}
