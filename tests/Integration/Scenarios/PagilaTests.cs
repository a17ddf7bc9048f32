using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>A public sample schema that was not designed for this: 15 tables, enums, domains, arrays, full text, partitions, a circle of foreign keys.</summary>
public abstract class PagilaTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    public Task Pagila_stays_in_step_under_random_writes() => StaysInStepAsync(Consistency.Transactional);

    [SkippableFact]
    [Trait("Length", "Long")]
    public Task So_it_does_in_several_transactions_at_once() => StaysInStepAsync(Consistency.Parallel);

    private async Task StaysInStepAsync(Consistency consistency)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        await world.SqlAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Schemas", "pagila.sql")));
        var node = world.Start();
        await using var writer = await BackgroundWriter.StartAsync(world, PagilaWriter.Transaction);
        await node.UntilStreamingAsync(World.Pipeline, TimeSpan.FromSeconds(60));
        await writer.MoreAsync(250);
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jPagilaTests(RealServers servers) : PagilaTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorPagilaTests(RealServers servers) : PagilaTests(servers, GraphKind.Falkor);
