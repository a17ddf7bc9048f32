using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Writing;
using PolyglotSync.Testing;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>One Neo4j for all tests of this room that need one: they run one after another, each on a graph without data.</summary>
public sealed class Neo4jFixture : IAsyncLifetime
{
    public const string Shared = "one Neo4j";

    private const string OurIndexes = "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' RETURN name, owningConstraint ORDER BY name";

    private Neo4jServer? _server;
    private string _schema = "";

    public Uri Bolt => _server!.Bolt;

    public async Task InitializeAsync() => _server = Neo4jServer.Missing is null ? await Neo4jServer.StartNewAsync() : null;

    public Task DisposeAsync() => _server?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    /// <summary>Deletes all data. Constraints and indexes go too unless they are those of the standard schema, just as it was prepared: a change of them makes Neo4j plan
    /// every statement anew, which is most of the time that these tests take.</summary>
    public async Task<Uri> EmptyAsync()
    {
        Skip.If(Neo4jServer.Missing is not null, Neo4jServer.Missing);
        await using var target = Open();
        var queries = (ICypherQueries)target;
        await queries.QueryAsync("MATCH (n) DETACH DELETE n", default);
        if (await SchemaAsync(queries) == _schema) return Bolt;
        foreach (var name in await queries.QueryAsync("SHOW CONSTRAINTS YIELD name RETURN name", default)) await queries.QueryAsync($"DROP CONSTRAINT {Identifier.Quote((string)name[0]!)}", default);
        foreach (var name in await queries.QueryAsync(OurIndexes, default)) await queries.QueryAsync($"DROP INDEX {Identifier.Quote((string)name[0]!)}", default);
        return Bolt;
    }

    /// <summary>The standard schema is prepared: as it is now, the next test may have it.</summary>
    public async Task RememberSchemaAsync()
    {
        await using var target = Open();
        _schema = await SchemaAsync((ICypherQueries)target);
    }

    private IGraphTarget Open() => GraphTargets.Create(new TargetSettings { Uri = Bolt }, new LimitSettings(), NullLoggerFactory.Instance);

    private static async Task<string> SchemaAsync(ICypherQueries queries) => string.Join('\n',
        (await queries.QueryAsync(OurIndexes, default)).Select(row => $"{row[0]} {row[1]}"));
}

[CollectionDefinition(Neo4jFixture.Shared)]
public sealed class SharedNeo4j : ICollectionFixture<Neo4jFixture>;
