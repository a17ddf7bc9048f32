using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>A node that reads topics and stands still, or is killed where it hurts.</summary>
public abstract class KafkaReaderTests(FaultServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task A_consumer_paused_past_its_session_timeout_that_wakes_as_a_zombie_writes_nothing()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind, CaptureMode.Separate);
        await world.Node.KillAsync();
        await world.SqlAsync("update people set count = 1000, name = 'old' where id between 10 and 40; delete from people where id between 50 and 60");
        world.Node.Start($"{Failpoint.BeforeCommit}@1:stop");
        await using var zombie = world.Node.Release();
        await Eventually.AsyncTrue(() => Task.FromResult(zombie.Error.Contains(Failpoint.BeforeCommit, StringComparison.Ordinal)), what: "the failpoint is reached", otherwise: () => zombie.Error);
        // the group gives the cuts to another, which goes beyond what the first has in its hands
        world.Node.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        await world.SqlAsync("update people set count = 2000, name = 'new' where id between 10 and 40; insert into people select n, 1, 'again', null, 1, null from generate_series(50, 60) n");
        await world.CaughtUpAsync(TimeSpan.FromSeconds(60));
        zombie.Resume();
        await Eventually.AsyncTrue(() => Task.FromResult(zombie.Error.Contains("another node", StringComparison.Ordinal)), what: "the zombie hears that another node has followed", otherwise: () => zombie.Error);
        (await world.DifferencesAsync()).ShouldBeEmpty();
        zombie.HasExited.ShouldBeFalse();
        // the group may give it the cuts again, in good order
        await zombie.KillAsync();
        await world.ShouldBeRightAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public async Task Killed_at_each_place_of_capture_and_reader_the_pipeline_goes_on_where_it_was(string place)
    {
        await using var world = await NamedWorld.NewAsync(servers, kind, CaptureMode.Separate);
        await using var load = new RandomLoad(world, seed: 12);
        world.Start($"{place}@1");
        var killed = world.KeeperAt(place);
        await killed.Current.ExitAsync(TimeSpan.FromSeconds(40));
        killed.Current.Error.ShouldContain($"failpoint {place} is reached");
        killed.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }

    public static TheoryData<string> Places => [.. Failpoint.CaptureNames, Failpoint.InRebalance, Failpoint.BeforeCutRead, Failpoint.AfterCutRead];

    [SkippableFact]
    public async Task A_node_killed_while_it_parses_a_dead_letter_keeps_one_and_writes_all_the_rest()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, kind, CaptureMode.Separate);
        await world.Node.KillAsync();
        var topic = $"{world.Database}.public.people";
        await world.Broker.WriteAsync(topic, Encoding.UTF8.GetBytes("{\"id\":1}"), Encoding.UTF8.GetBytes("{\"before\":null,\"after\":{\"id\":"));
        // what comes behind it in each partition has a cut lead over it
        await world.SqlAsync("update people set count = count + 1");
        world.Node.Start($"{Failpoint.Refusing}@1");
        await world.Node.Current.ExitAsync(TimeSpan.FromSeconds(40));
        world.Node.Current.Error.ShouldContain($"failpoint {Failpoint.Refusing} is reached");
        world.Node.Start();
        await world.CaughtUpAsync(TimeSpan.FromSeconds(60));
        (await world.DifferencesAsync()).ShouldBeEmpty(NodeKeeper.Tail(world.Said));
        (await world.ScalarAsync<long>("select count(*) from polysync.dead_letters")).ShouldBe(1);
        world.Failures.ShouldBeEmpty();
    }
}

[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jKafkaReaderTests(FaultServers servers) : KafkaReaderTests(servers, GraphKind.Neo4j);

[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class FalkorKafkaReaderTests(FaultServers servers) : KafkaReaderTests(servers, GraphKind.Falkor);
