using PolyglotSync.Faults.Faults;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>A graph that is away, silent, or answers into the void.</summary>
public abstract class TargetTests(FaultServers servers, GraphKind kind)
{
    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_target_that_refuses_connections_for_a_minute_is_waited_for()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        await using var load = new RandomLoad(world, seed: 3);
        await NetworkFaults.Refuse(NetworkLink.Target, ms: 60_000).RunAsync(world);
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
        world.Node.PeakMemoryMb.ShouldBeLessThan(300);
    }

    [SkippableFact]
    public async Task A_connection_to_the_target_that_went_silent_is_given_up_in_time()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        world.Target.Silence();
        await world.SqlAsync("update people set count = count + 1 where id < 50");
        // write_timeout_ms and connect_timeout_ms of the world's manifest are 4 and 3 seconds
        (await world.UntilDegradedAsync(TimeSpan.FromSeconds(15))).ShouldContain("did not answer in time");
        world.Target.Heal();
        await world.ShouldBeRightAsync();
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task What_a_silent_connection_delivers_late_overwrites_nothing_newer()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        for (var round = 0; round < 2; round++)
        {
            world.Target.Silence();
            await world.SqlAsync($"update people set count = {1_000 + round}, name = 'old' where id between 10 and 40");
            await world.UntilDegradedAsync(TimeSpan.FromSeconds(15));
            await world.SqlAsync($"update people set count = {2_000 + round}, name = 'new' where id between 10 and 40");
            world.Target.Heal();
            await world.ShouldBeRightAsync();
        }
    }

    [SkippableFact]
    public async Task A_write_whose_answer_was_lost_is_not_written_again()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        for (var round = 0; round < 3; round++)
        {
            world.Target.Deafen();
            await world.SqlAsync($"insert into people select 100000 + {round} * 100 + n, 1, 'fresh', null, 1, null from generate_series(1, 20) n; "
                + $"insert into memberships select id, 2, {round} from people where id > 100000 + {round} * 100");
            await Fault.ForAsync(200);
            world.Target.Heal();
            await world.ShouldBeRightAsync();
        }
    }

    [SkippableFact]
    public async Task A_target_without_memory_is_waited_for_and_no_row_is_blamed()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        await using var load = new RandomLoad(world, seed: 9);
        using var isSeen = new CancellationTokenSource();
        var taken = TakeAsync();
        // while the memory is being taken, a slow server may give a write up for its time first
        await world.UntilDegradedAsync(TimeSpan.FromSeconds(60), saying: "emory");
        await isSeen.CancelAsync();
        await taken;
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();

        // a write that ends while the last of it is counted leaves room for the next ones: then it is taken once more
        async Task TakeAsync()
        {
            while (!isSeen.IsCancellationRequested) await TargetFaults.OutOfMemory(ms: 3_000).RunAsync(world);
        }
    }

    [SkippableFact]
    public async Task A_target_that_lost_the_pipeline_s_state_is_not_taken_for_another_owner()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        await using var node = world.Node.Release();
        await world.Graph.QueryAsync("MATCH (s:__PolySync) DETACH DELETE s");
        await world.SqlAsync("update people set count = count + 1 where id = 1");
        await node.ExitAsync(TimeSpan.FromSeconds(30));
        node.Error.ShouldContain("no longer holds the state of pipeline 'test'");
    }
}

[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jTargetTests(FaultServers servers) : TargetTests(servers, GraphKind.Neo4j);

[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FalkorTargetTests(FaultServers servers) : TargetTests(servers, GraphKind.Falkor)
{
    private readonly FaultServers _servers = servers;

    [SkippableFact]
    public async Task What_a_killed_node_had_half_written_and_is_gone_since_leaves_no_ghost()
    {
        await using var world = await NamedWorld.StreamingAsync(_servers, GraphKind.Falkor);
        await world.Node.KillAsync();
        await world.SqlAsync("insert into people select 200000 + n, 1, 'brief', null, 1, null from generate_series(1, 20) n; update people set id = id + 100000 where id between 200011 and 200020");
        world.Node.Start($"{Contracts.Failpoint.BeforeCommit}@1");
        await Eventually.AsyncTrue(() => Task.FromResult(world.Node.Current.HasExited), what: "the failpoint is reached");
        await world.SqlAsync("delete from people where id between 200001 and 200010; update people set id = id + 100000 where id between 300011 and 300020");
        world.Node.Start();
        await world.ShouldBeRightAsync();
    }
}
