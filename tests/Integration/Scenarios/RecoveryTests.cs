using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>The node goes away, cleanly or not, while it copies and while it streams.</summary>
public abstract class RecoveryTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task The_first_copy_runs_beside_writes()
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 10_000);
        var node = world.Start();
        await using (var writer = await Counters.WriteAsync(world)) await node.UntilStreamingAsync(World.Pipeline, TimeSpan.FromSeconds(90));
        await world.ShouldAgreeAsync();
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_ends_while_it_copies_goes_on_where_it_was(bool kill)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.CopyChunkRows = 400;
        await Counters.MakeAsync(world, rows: 10_000);
        await using var writer = await Counters.WriteAsync(world);
        var copied = 0L;
        for (var round = 1; round <= 2; round++)
        {
            await CopiedAsync(world, round * 2_000, atFirst: copied);
            await world.EndAsync(kill);
            copied = round * 2_000;
        }
        await world.StartStreamingAsync();
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task A_node_killed_while_it_streams_loses_nothing_and_writes_nothing_twice()
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 500);
        await world.StartStreamingAsync();
        await using var writer = await Counters.WriteAsync(world);
        for (var round = 0; round < 3; round++)
        {
            await writer.MoreAsync(50);
            await world.EndAsync(kill: true);
            await world.StartStreamingAsync();
        }
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task SIGTERM_stops_cleanly_and_the_next_start_copies_nothing_again()
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 1_000);
        await world.StartStreamingAsync();
        await using (var writer = await Counters.WriteAsync(world))
        {
            await writer.MoreAsync(100);
            await world.EndAsync(kill: false);
        }
        (await world.ScalarAsync<bool>("select active from pg_replication_slots where slot_name = 'polysync_test'")).ShouldBeFalse();
        var node = await world.StartStreamingAsync();
        node.Error.ShouldNotContain("rows read");
        await world.ShouldAgreeAsync();
    }

    /// <summary>Starts the node and waits until so many rows are copied; what an earlier run had copied must be there from the first.</summary>
    private static async Task CopiedAsync(World world, long goal, long atFirst)
    {
        var node = world.Start();
        long? first = null;
        await Eventually.AsyncTrue(async () =>
        {
            if (await node.Api.StatusAsync(World.Pipeline) is not { Pipeline.Copy.Count: > 0 } status) return false;
            // a table that is read again counts its rows anew
            var rows = status.Pipeline.Copy.Sum(c => c.Rows + (c.Phase == "refreshing" ? c.EstimatedRows : 0));
            first ??= rows;
            return status.IsStreaming || rows >= goal;
        }, what: $"{goal} rows are copied", otherwise: () => node.Error);
        first.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(atFirst, "rows copied before the node went away");
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jRecoveryTests(RealServers servers) : RecoveryTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorRecoveryTests(RealServers servers) : RecoveryTests(servers, GraphKind.Falkor);
