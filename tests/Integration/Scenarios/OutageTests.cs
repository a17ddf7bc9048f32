using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>A server or a connection goes away under load: the node rides it out, loses nothing, and blames no row.</summary>
public abstract class OutageTests(RealServers servers, GraphKind kind)
{
    [SkippableTheory]
    [InlineData(Consistency.Transactional)]
    [InlineData(Consistency.Parallel)]
    public async Task Connections_to_the_graph_that_break_are_opened_again(Consistency consistency)
    {
        await using var world = await LoadedAsync(consistency);
        await using var writer = await Counters.WriteAsync(world);
        var node = world.Start();
        await node.UntilRunsAsync(World.Pipeline);
        for (var cut = 0; cut < 10; cut++)
        {
            await world.CutTargetAsync();
            await writer.MoreAsync(20);
        }
        await writer.DisposeAsync();
        await AgreesAsync(world);
    }

    [SkippableFact]
    public async Task Connections_to_PostgreSQL_that_break_are_opened_again()
    {
        await using var world = await LoadedAsync(Consistency.Transactional);
        var node = world.Start();
        await node.UntilRunsAsync(World.Pipeline);
        await using var writer = await Counters.WriteAsync(world);
        for (var cut = 0; cut < 5; cut++)
        {
            await world.CutSourceAsync();
            await writer.MoreAsync(30);
        }
        await writer.DisposeAsync();
        await AgreesAsync(world);
    }

    [SkippableTheory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task PostgreSQL_may_be_restarted(string mode)
    {
        await using var world = await LoadedAsync(Consistency.Transactional);
        await world.StartStreamingAsync();
        await using var writer = await Counters.WriteAsync(world, reconnects: true);
        await writer.MoreAsync(50);
        await world.Postgres.RestartAsync(mode);
        NpgsqlConnection.ClearAllPools();
        await writer.MoreAsync(50);
        await writer.DisposeAsync();
        await AgreesAsync(world);
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task The_graph_s_server_may_crash_and_come_back()
    {
        Skip.If(kind == GraphKind.Falkor, "the embedded graph of the tests keeps nothing on disk: it cannot come back");
        var neo4j = await servers.Neo4jAsync();
        Skip.IfNot(neo4j.IsOurs, "the Neo4j at POLYSYNC_TEST_NEO4J is not ours to kill");
        await using var world = await LoadedAsync(Consistency.Transactional);
        await using var writer = await Counters.WriteAsync(world);
        var node = world.Start();
        await Eventually.AsyncTrue(async () => await node.Api.StatusAsync(World.Pipeline) is { } s && s.Pipeline.RowsApplied > 2_000, what: "the load has begun");
        await neo4j.KillAsync();
        await writer.MoreAsync(50);
        await Eventually.AsyncTrue(async () => (await node.Api.StatusAsync(World.Pipeline))?.Pipeline.State == PipelineState.Degraded, what: "the pipeline says that it is degraded");
        (await node.Api.HealthAsync("ready")).ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        (await node.Api.HealthAsync("live")).ShouldBe(System.Net.HttpStatusCode.OK);
        (await world.CommandAsync("wait", "--now", "--timeout", "0.5")).ExitCode.ShouldBe((int)ExitCode.TimedOut);
        await neo4j.StartAgainAsync();
        await writer.DisposeAsync();
        await AgreesAsync(world);
    }

    private async Task<World> LoadedAsync(Consistency consistency)
    {
        var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        world.CopyChunkRows = 200;
        world.Manifest = "limits: { batch_rows: 100, retry_min_backoff_ms: 20, retry_max_backoff_ms: 500 }";
        await Counters.MakeAsync(world, rows: 5_000);
        return world;
    }

    private static async Task AgreesAsync(World world)
    {
        await world.Node!.UntilStreamingAsync(World.Pipeline);
        await world.ShouldAgreeAsync();
        (await world.Node.Api.StatusAsync(World.Pipeline))!.Pipeline.DeadLetters.ShouldBe(0);
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jOutageTests(RealServers servers) : OutageTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorOutageTests(RealServers servers) : OutageTests(servers, GraphKind.Falkor);
