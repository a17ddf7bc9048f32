using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Demo.Compare;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The demo from its first server to its verdict. Servers and files are gone at the end, whatever the end is.</summary>
internal sealed class DemoRun(DemoSettings settings, IDemoView view)
{
    public const string Pipeline = "social";
    private const int Comparisons = 3;
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(120);

    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        view.Title($"PostgreSQL → {(settings.IsThroughKafka ? "Kafka → " : "")}{(settings.Target is null ? "FalkorDB" : settings.Target.Split(':')[0] is "falkor" or "redis" or "rediss" ? "FalkorDB" : "Neo4j")}, live");
        using var scratch = new ScratchFolder();
        await using var broker = !settings.IsThroughKafka ? null
            : await view.StepAsync("Kafka", () => DemoBroker.StartAsync(settings.Kafka, scratch, view.Say, stop), b => b.Description);
        await using var cluster = await view.StepAsync("PostgreSQL", () => PostgresCluster.StartAsync(scratch, stop), c => $"{c.Version}, a cluster of its own, port {c.Port}");
        await using var target = await view.StepAsync("graph", () => DemoTarget.StartAsync(settings.Target, scratch, stop), t => t.Description);
        var connection = cluster.ConnectionString(SocialSchema.Database);
        var rows = await view.StepAsync("social world", () => SocialWorld.CreateAsync(cluster.ConnectionString("postgres"), connection, settings.Rows, stop),
            made => $"{Amounts.Count(made)} rows: {string.Join(", ", SocialSchema.TableNames)}");
        var pipeline = new PipelineSettings
        {
            Name = Pipeline,
            Source = new SourceSettings { ConnectionString = connection },
            Target = target.Settings,
            Kafka = broker?.Settings,
            Consistency = settings.Consistency,
        };
        await using var node = await Node.StartAsync(new NodeOptions(new ApiEndpoint(new Uri("http://127.0.0.1:0")), settings.LogLevel, settings.Hocon, ShowChanges: true), stop);
        if (broker is not null) node.Capture(pipeline);
        node.Run(pipeline);
        await view.CopyingAsync(rows, () => CopiedAsync(node), stop);
        await node.Pipelines.WaitAsync(Pipeline, null, CatchUpTime, stop);
        view.ByHand(
        [
            ("insert", $"{cluster.Psql(SocialSchema.Database)} -c \"INSERT INTO users (handle, name) VALUES ('me', 'Me')\""),
            ("ask", target.ByHand),
            .. broker?.ByHand is { } look ? [("topic", look)] : Array.Empty<(string, string)>(),
            ("status", $"./polysync status --api {node.Api.GetLeftPart(UriPartial.Authority)}"),
        ]);
        var written = await new DemoLive(settings, node, broker?.Topics, view).RunAsync(connection, stop);
        view.Say(written);
        var code = await VerdictAsync(node, pipeline, target, connection, stop.IsCancellationRequested ? CancellationToken.None : stop);
        await node.StopAsync();
        if (target.Stays is { } stays) view.Say(stays);
        return code;
    }

    private static async Task<(long Rows, bool Done)> CopiedAsync(Node node)
    {
        var (status, _) = await StatusAsync(node);
        return (status?.Copy.Sum(c => c.Rows) ?? 0, status?.State == PipelineState.Streaming);
    }

    /// <returns>The pipeline, and what captures into Kafka for it; null where it has not been made yet, or is not wanted.</returns>
    /// <exception cref="PipelineFailure">The pipeline stopped and needs a person.</exception>
    public static async Task<(PipelineStatus? Pipeline, PipelineStatus? Capture)> StatusAsync(Node node)
    {
        if (node.Failures.TryRead(out var failed)) throw failed.Failure;
        var running = await node.Pipelines.StatusAsync(CancellationToken.None);
        return (running.FirstOrDefault(p => p.Role == PipelineRole.Graph), running.FirstOrDefault(p => p.Role == PipelineRole.Capture));
    }

    private async Task<ExitCode> VerdictAsync(Node node, PipelineSettings pipeline, DemoTarget target, string connection, CancellationToken again)
    {
        view.Say("Writers are stopped. Comparing every row with the graph ...");
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(again);
        bounded.CancelAfter(CatchUpTime * Comparisons);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await node.Pipelines.WaitAsync(Pipeline, null, CatchUpTime, bounded.Token);
            if (!answer.Reached)
            {
                view.Say(answer.Reason is { } reason ? $"the graph is at {answer.Watermark}: {reason}" : $"the graph is at {answer.Watermark} after {CatchUpTime.TotalSeconds:0} s: it did not catch up");
                return ExitCode.TimedOut;
            }
            var verdict = await CompareAsync(pipeline, target, connection, bounded.Token);
            // A person may write by hand between the two readings: a difference that is one stays.
            if (!verdict.Agrees && attempt < Comparisons) continue;
            view.Show(verdict, answer.Watermark);
            return verdict.Agrees ? ExitCode.Success : ExitCode.Diverged;
        }
    }

    private static async Task<Verdict> CompareAsync(PipelineSettings pipeline, DemoTarget target, string connection, CancellationToken cancellationToken)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        await using var source = rooms.CreateSource(pipeline with { Kafka = null });
        var schema = await source.DescribeAsync(cancellationToken);
        var (mapping, _) = rooms.CreateMapping(pipeline, schema);
        await using var tables = NpgsqlDataSource.Create(connection);
        await using var graph = await target.OpenReaderAsync(cancellationToken);
        return await new GraphComparer(new TableReader(tables), graph, schema, mapping).CompareAsync(cancellationToken);
    }
}
