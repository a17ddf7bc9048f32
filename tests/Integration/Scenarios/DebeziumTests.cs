using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Topics that a real Debezium writes: no cuts, four partitions a table, only the changes of a key in order.</summary>
public abstract class DebeziumTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task What_Debezium_wrote_before_and_writes_now_is_in_the_graph_whatever_ends_in_between()
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 4_000);
        var debezium = await world.ThroughDebeziumAsync();
        try
        {
            await using var writer = await Counters.WriteAsync(world);
            await writer.MoreAsync(50);
            await world.StartStreamingAsync();
            await writer.MoreAsync(50);
            await world.EndAsync(kill: true);
            await writer.MoreAsync(50);
            await world.StartStreamingAsync();
            await world.SqlAsync("alter table members add column points int default 7");
            await writer.MoreAsync(20);
            await writer.DisposeAsync();
            await world.SqlAsync("alter table members rename column note to remark; update members set remark = 'renamed' where id % 7 = 0");
            await world.SqlAsync("insert into members (id, count, team_id) select n, 1, n % 50 + 1 from generate_series(5000000, 5020000) n; delete from teams where id = 50 and not exists (select from members where team_id = 50)");
            await world.SqlAsync("update members set points = 1; delete from members where id > 5019000");
            await ShouldComeToAgreeAsync(world, world.Node!);
        }
        finally
        {
            await debezium.ReleaseAsync(world.Database);
        }
    }

    [SkippableFact]
    public async Task Two_nodes_share_the_partitions_and_one_goes_on_alone_when_the_other_is_killed()
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 2_000);
        var debezium = await world.ThroughDebeziumAsync();
        try
        {
            await using var first = SyncNodeProcess.Run(NodeArguments.Of(world));
            await using var second = SyncNodeProcess.Run(NodeArguments.Of(world));
            await using var writer = await Counters.WriteAsync(world);
            await first.UntilStreamingAsync(World.Pipeline);
            await second.UntilStreamingAsync(World.Pipeline);
            foreach (var node in (SyncNodeProcess[])[first, second])
            {
                await Eventually.AsyncTrue(async () => await node.Api.StatusAsync(World.Pipeline) is { IsStreaming: true, Pipeline.RowsApplied: > 100 },
                    what: "both nodes write", otherwise: () => $"{first.Error}\n{second.Error}");
            }
            await first.KillAsync();
            await writer.MoreAsync(100);
            await writer.DisposeAsync();
            await ShouldComeToAgreeAsync(world, second);
        }
        finally
        {
            await debezium.ReleaseAsync(world.Database);
        }
    }

    /// <summary>There is no watermark to wait for: the graph is looked at until it agrees.</summary>
    private static async Task ShouldComeToAgreeAsync(World world, SyncNodeProcess node)
    {
        IReadOnlyList<string> differences = [];
        var applied = -1L;
        await Eventually.AsyncTrue(async () =>
        {
            if (node.HasExited) throw new InvalidOperationException($"the node ended with {node.ExitCode}:\n{node.Error}");
            var status = (await node.Api.StatusAsync(World.Pipeline))!.Pipeline;
            var isStill = status is { LagMessages: 0, RowsInFlight: 0 } && status.RowsApplied == applied;
            applied = status.RowsApplied;
            // FalkorDB is read in several queries: it must not move meanwhile
            if (isStill) return (differences = await world.DifferencesAsync()).Count == 0;
            await Task.Delay(TimeSpan.FromSeconds(1));
            return false;
        }, TimeSpan.FromSeconds(60), "graph and tables agree", () => $"{PictureDiff.Describe(differences)}\nThe node says:\n{node.Error}");
    }
}

[Collection(Lane.Neo4j)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jDebeziumTests(RealServers servers) : DebeziumTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class FalkorDebeziumTests(RealServers servers) : DebeziumTests(servers, GraphKind.Falkor);
