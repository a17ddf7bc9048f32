using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;
using Xunit.Abstractions;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Three nodes in the same consumer groups, real processes, under load: whoever goes is followed, whoever comes back gets work, and any node says who has what.</summary>
public abstract class FleetTests(RealServers servers, GraphKind kind, ITestOutputHelper output)
{
    /// <summary>On a graph that was just started three nodes make constraints and plans for the first time.</summary>
    private static readonly TimeSpan Begins = TimeSpan.FromMinutes(2);

    /// <summary>A node that died is missed after session_timeout_ms (6 s), one that was stopped at once or after that; then each run begins anew.</summary>
    private static readonly TimeSpan Moves = TimeSpan.FromSeconds(60);

    /// <summary>Rounds of a kill, a stop and two starts.</summary>
    protected virtual int Rounds => 1;

    [SkippableFact]
    public async Task Work_moves_when_a_node_is_killed_another_stopped_and_both_come_back()
    {
        await using var world = await World.NewAsync(servers, kind, Fleet.Pipelines);
        await FleetLoad.MakeAsync(world);
        var broker = (await servers.KafkaAsync()).BootstrapServers;
        await using var fleet = await Fleet.StartAsync(world, broker);
        await using var writer = await FleetLoad.WriteAsync(world);
        await TimedAsync("three nodes share four pipelines", () => fleet.UntilSharedAsync(Begins, "three nodes share the work"));
        await using var watch = new CountWatch(world, kind == GraphKind.Neo4j ? ("bank", FleetLoad.Sum) : null);
        for (var round = 0; round < Rounds; round++)
        {
            // whoever writes the bank is killed, so that a standby has to follow
            var killed = (await fleet.StatusAsync("node-1", "bank"))!.ActiveNode!;
            await fleet.KillAsync(killed);
            await TimedAsync($"{killed} was killed, the others have its work", () => fleet.UntilSharedAsync(Moves, $"the others have the work of {killed}"));
            await EachGoesOnAsync(fleet, writer);

            var stopped = (await fleet.StatusAsync(fleet.Running.First(), "crm"))!.ActiveNode!;
            await fleet.TerminateAsync(stopped);
            await TimedAsync($"{stopped} was stopped, the last one has its work", () => fleet.UntilSharedAsync(Moves, $"the last one has the work of {stopped}"));
            await EachGoesOnAsync(fleet, writer);

            fleet.Start(killed);
            fleet.Start(stopped);
            await TimedAsync($"{killed} and {stopped} are back and have work", () => fleet.UntilSharedAsync(Moves, "all three have work again"));
            await EachGoesOnAsync(fleet, writer);
        }
        await writer.DisposeAsync();
        foreach (var pipeline in Fleet.Pipelines) await fleet.CatchUpAsync(pipeline, Moves);
        await watch.DisposeAsync();
        var differences = await world.DifferencesAsync();
        differences.ShouldBeEmpty($"{PictureDiff.Describe(differences)}\n{fleet.Says}");
        watch.Wrong.ShouldBeEmpty($"{string.Join('\n', watch.Wrong)}\n{fleet.Says}");
        watch.Reads.ShouldBeGreaterThan(5);
        foreach (var pipeline in Fleet.Pipelines) (await fleet.DeadLettersAsync(pipeline)).ShouldBe(0, pipeline);
        (await world.ScalarAsync<long>("select count(distinct pipeline) from polysync.incidents where kind = 'moved' and node like 'node-%'")).ShouldBe(Fleet.Pipelines.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writer.Transactions} transactions, {watch.Reads} looks at the graph"));
    }

    private static async Task EachGoesOnAsync(Fleet fleet, BackgroundWriter writer)
    {
        await writer.MoreAsync(20);
        foreach (var pipeline in Fleet.Pipelines) await fleet.CatchUpAsync(pipeline, Moves);
    }

    private async Task TimedAsync(string what, Func<Task> until)
    {
        var clock = Stopwatch.StartNew();
        await until();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0.0} s: {what}"));
    }
}

[Collection(Lane.Neo4j)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class Neo4jFleetTests(RealServers servers, ITestOutputHelper output) : FleetTests(servers, GraphKind.Neo4j, output)
{
    protected override int Rounds => 3;
}

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorFleetTests(RealServers servers, ITestOutputHelper output) : FleetTests(servers, GraphKind.Falkor, output);
