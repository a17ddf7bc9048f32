using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>A public sample schema that was not designed for this: 15 tables, enums, domains, arrays, full text, partitions, a circle of foreign keys.</summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class PagilaTests(RealServers servers)
{
    [SkippableTheory]
    [InlineData(GraphKind.Neo4j, Consistency.Transactional)]
    [InlineData(GraphKind.Neo4j, Consistency.Parallel)]
    [InlineData(GraphKind.Falkor, Consistency.Transactional)]
    public async Task Pagila_stays_in_step_under_random_writes(GraphKind kind, Consistency consistency)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        await world.SqlAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Schemas", "pagila.sql")));
        var node = world.Start();
        await using var writer = await BackgroundWriter.StartAsync(world, PagilaWriter.Transaction);
        await node.UntilStreamingAsync(World.Pipeline, TimeSpan.FromSeconds(60));
        var before = writer.Transactions;
        await Eventually.AsyncTrue(() => Task.FromResult(writer.Transactions >= before + 400), TimeSpan.FromSeconds(60), "400 transactions more");
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }
}
