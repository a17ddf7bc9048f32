using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Topics of ours whose partitions the nodes of a pipeline share: rows in order key by key, changes of whole tables all together, and a watermark over everything.</summary>
public abstract class SharedTopicsTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task Two_nodes_share_the_partitions_and_one_goes_on_alone_when_the_other_is_killed()
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = Consistency.Parallel;
        await world.ThroughKafkaAsync(capture: "separate");
        await Counters.MakeAsync(world, rows: 2_000);
        await world.SqlAsync("create table stories (id int primary key, text text, team_id int references teams); alter table stories alter column text set storage external; "
            + "insert into stories select n, repeat('once upon a time ' || n, 300), n % 50 + 1 from generate_series(1, 200) n");
        await using var capture = SyncNodeProcess.Capture(new Dictionary<string, string>(), NodeArguments.Of(world));
        await using var first = SyncNodeProcess.Run(NodeArguments.Of(world));
        await using var second = SyncNodeProcess.Run(NodeArguments.Of(world));
        await using var writer = await Counters.WriteAsync(world);
        foreach (var node in (SyncNodeProcess[])[first, second])
        {
            await Eventually.AsyncTrue(async () => await node.Api.StatusAsync(World.Pipeline) is { IsStreaming: true, Pipeline.RowsApplied: > 100 },
                what: "both nodes write", otherwise: () => $"{first.Error}\n{second.Error}");
        }
        await world.SqlAsync("update stories set id = id + 1000 where id <= 60");
        await world.SqlAsync("alter table members add column points int default 7");
        // the writer has a column of the name at any moment
        await world.SqlAsync("alter table members rename column note to remark; alter table members add column note text; update members set note = 'second of its name' where id % 5 = 0");
        await world.SqlAsync("alter table members drop column points");
        await world.SqlAsync("truncate stories; insert into stories select n, repeat('anew ' || n, 300), n % 50 + 1 from generate_series(1, 100) n");
        await world.SqlAsync("update stories set id = id + 2000 where id <= 40");
        await writer.MoreAsync(50);
        foreach (var node in (SyncNodeProcess[])[first, second])
            (await node.Api.WaitAsync(World.Pipeline, await NowAsync(world), 60_000)).ShouldBeTrue(node.Error);
        await first.KillAsync();
        await world.SqlAsync("truncate stories");
        await writer.MoreAsync(50);
        await writer.DisposeAsync();
        (await second.Api.WaitAsync(World.Pipeline, await NowAsync(world), 60_000)).ShouldBeTrue(second.Error);
        var differences = await world.DifferencesAsync();
        differences.ShouldBeEmpty($"{PictureDiff.Describe(differences)}\n{second.Error}");
        (await second.Api.StatusAsync(World.Pipeline))!.Pipeline.DeadLetters.ShouldBe(0);
    }

    private static async Task<string> NowAsync(World world) => (await world.ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text"))!;
}

[Collection(Lane.Neo4j)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jSharedTopicsTests(RealServers servers) : SharedTopicsTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorSharedTopicsTests(RealServers servers) : SharedTopicsTests(servers, GraphKind.Falkor);
