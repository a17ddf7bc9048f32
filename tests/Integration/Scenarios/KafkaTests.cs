using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>From the tables through a broker into the graph: the same picture as without one.</summary>
public abstract class KafkaTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    [Trait("Length", "Long")]
    public Task Everything_reaches_the_graph_through_Kafka_whatever_ends_in_between() => EverythingAsync(Consistency.Transactional);

    [SkippableFact]
    [Trait("Length", "Long")]
    public Task So_it_does_in_several_transactions_at_once() => EverythingAsync(Consistency.Parallel);

    private async Task EverythingAsync(Consistency consistency)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        world.CopyChunkRows = 500;
        await world.ThroughKafkaAsync();
        await Counters.MakeAsync(world, rows: 4_000);
        var node = world.Start();
        await using var writer = await Counters.WriteAsync(world);
        await Eventually.AsyncTrue(async () => await node.Api.StatusAsync(World.Pipeline) is { Pipeline.Copy.Count: > 0 }, what: "the copy runs", otherwise: () => node.Error);
        await world.EndAsync(kill: true);
        await world.StartStreamingAsync();
        await writer.MoreAsync(50);
        await world.SqlAsync("alter table members add column points int default 7");
        await world.SqlAsync("alter table teams add column motto text; update teams set motto = 'm' || id");
        await writer.DisposeAsync();
        await world.SqlAsync("alter table members rename column note to remark; update members set remark = 'renamed' where id % 7 = 0");
        await world.EndAsync(kill: true);
        await world.SqlAsync("insert into members (id, count, team_id) select n, 1, n % 50 + 1 from generate_series(5000000, 5120000) n");
        await world.SqlAsync("delete from members where id > 5119000; update members set points = points + 1 where id < 1000");
        await world.StartStreamingAsync();
        await world.SqlAsync("create table extra (id int primary key); truncate members cascade; insert into members (id, count, team_id) values (1, 1, 1), (2, 2, 2)");
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task Of_two_nodes_one_stands_by_and_goes_on_when_the_other_is_killed()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.ThroughKafkaAsync(capture: "separate");
        await Counters.MakeAsync(world, rows: 500);
        await using var capture = SyncNodeProcess.Capture(new Dictionary<string, string>(), NodeArguments.Of(world));
        var first = await world.StartStreamingAsync();
        await using var second = SyncNodeProcess.Run(NodeArguments.Of(world));
        var (active, standby) = await RolesAsync(first, second);
        await world.SqlAsync("update members set count = count + 1");
        (await active.Api.WaitAsync(World.Pipeline, await NowAsync(world), 60_000)).ShouldBeTrue(active.Error);
        await active.KillAsync();
        await world.SqlAsync("update members set count = count + 1 where id < 300; delete from members where id = 400");
        await standby.UntilStreamingAsync(World.Pipeline);
        (await standby.Api.WaitAsync(World.Pipeline, await NowAsync(world), 60_000)).ShouldBeTrue(standby.Error);
        (await world.DifferencesAsync()).ShouldBeEmpty(standby.Error);
    }

    /// <summary>Which of two nodes reads is the consumer group's choice; one that joins may be given the work of the other.</summary>
    private static async Task<(SyncNodeProcess Active, SyncNodeProcess Standby)> RolesAsync(SyncNodeProcess one, SyncNodeProcess other)
    {
        (SyncNodeProcess, SyncNodeProcess)? roles = null;
        var before = roles;
        // twice the same, a while apart: by then the group has settled
        await Eventually.AsyncTrue(async () =>
        {
            before = roles;
            roles = (await one.Api.StatusAsync(World.Pipeline), await other.Api.StatusAsync(World.Pipeline)) switch
            {
                ({ IsStreaming: true }, { Pipeline.State: PipelineState.Standby }) => (one, other),
                ({ Pipeline.State: PipelineState.Standby }, { IsStreaming: true }) => (other, one),
                _ => null,
            };
            if (roles is not null && roles != before) await Task.Delay(TimeSpan.FromSeconds(4));
            return roles is not null && roles == before;
        }, what: "one node streams, the other stands by", otherwise: () => $"{one.Error}\n{other.Error}");
        return roles!.Value;
    }

    private static async Task<string> NowAsync(World world) => (await world.ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text"))!;

    [SkippableFact]
    public async Task Who_waits_for_now_reads_his_writes_through_Kafka()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.ThroughKafkaAsync();
        await Counters.MakeAsync(world, rows: 100);
        await world.StartStreamingAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.SqlAsync("update members set count = count + 1");
            (await world.CommandAsync("wait", "--now", "--timeout", "20")).ExitCode.ShouldBe(0);
            (await world.DifferencesAsync()).ShouldBeEmpty();
        }
    }
}

[Collection(Lane.Neo4j)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jKafkaTests(RealServers servers) : KafkaTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorKafkaTests(RealServers servers) : KafkaTests(servers, GraphKind.Falkor);
