using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>Two nodes on one pipeline: by mistake, or because one of them was thought dead.</summary>
public abstract class OwnerTests(FaultServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task A_second_node_ends_and_says_who_holds_the_slot_and_the_first_goes_on()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        await using var load = new RandomLoad(world, seed: 1);
        var generation = (await world.Graph.MarkAsync())!.Generation;
        await using var second = world.Node.Launch();
        await second.ExitAsync(TimeSpan.FromSeconds(30));
        second.ExitCode.ShouldBe((int)ExitCode.SourceUnfit);
        second.Error.ShouldContain("slot 'polysync_test' is held by PID");
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
        (await world.Graph.MarkAsync())!.Generation.ShouldBe(generation);
    }

    [SkippableFact]
    public async Task A_node_that_wakes_after_its_successor_has_started_says_so_ends_and_has_written_nothing()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind);
        await using var zombie = world.Node.Release();
        zombie.Suspend();
        await world.Postgres.EndStreamsAsync(world.Database);
        world.Node.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        var generation = (await world.Graph.MarkAsync())!.Generation;
        zombie.Resume();
        await zombie.ExitAsync(TimeSpan.FromSeconds(30));
        zombie.ExitCode.ShouldBe((int)ExitCode.Fenced, zombie.Error);
        zombie.Error.ShouldContain("another node has taken pipeline 'test' over");
        await world.ShouldBeRightAsync();
        (await world.Graph.MarkAsync())!.Generation.ShouldBe(generation);
    }

    [SkippableFact]
    public async Task A_node_that_stood_still_while_it_started_does_not_take_the_pipeline_from_its_successor()
    {
        await using var world = await NamedWorld.NewAsync(servers, kind);
        world.Node.Start($"{Failpoint.BeforeClaim}@1:stop");
        await using var zombie = world.Node.Release();
        await Eventually.AsyncTrue(() => Task.FromResult(zombie.Error.Contains(Failpoint.BeforeClaim, StringComparison.Ordinal)), what: "the failpoint is reached", otherwise: () => zombie.Error);
        world.Node.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        zombie.Resume();
        await zombie.ExitAsync(TimeSpan.FromSeconds(30));
        zombie.ExitCode.ShouldBe((int)ExitCode.Fenced, zombie.Error);
        await world.ShouldBeRightAsync();
    }

    [SkippableFact]
    public async Task A_node_that_stands_still_with_a_write_in_its_hands_cannot_finish_it_later()
    {
        await using var world = await NamedWorld.NewAsync(servers, kind);
        world.Node.Start($"{Failpoint.BeforeCommit}@12:stop");
        await using var load = new RandomLoad(world, seed: 2);
        await using var zombie = world.Node.Release();
        await Eventually.AsyncTrue(() => Task.FromResult(zombie.Error.Contains(Failpoint.BeforeCommit, StringComparison.Ordinal)), what: "the failpoint is reached", otherwise: () => zombie.Error);
        await world.Postgres.EndStreamsAsync(world.Database);
        world.Node.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        zombie.Resume();
        await zombie.ExitAsync(TimeSpan.FromSeconds(30));
        zombie.ExitCode.ShouldBe((int)ExitCode.Fenced, zombie.Error);
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }
}

[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jOwnerTests(FaultServers servers) : OwnerTests(servers, GraphKind.Neo4j);

[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FalkorOwnerTests(FaultServers servers) : OwnerTests(servers, GraphKind.Falkor);
