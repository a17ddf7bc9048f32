using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Servers;

/// <summary>The servers that the tests of a lane share: each is started by the first test that asks for it and stopped at the end.</summary>
public sealed class RealServers : IAsyncLifetime
{
    private PostgresServer? _postgres;
    private LocalNeo4j? _neo4j;
    private LocalFalkor? _falkor;
    private KafkaServer? _kafka;
    private DebeziumServer? _debezium;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task<PostgresServer> PostgresAsync()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        return _postgres ??= await PostgresServer.StartNewAsync();
    }

    public async Task<LocalNeo4j> Neo4jAsync()
    {
        Skip.If(LocalNeo4j.Missing is not null, LocalNeo4j.Missing);
        return _neo4j ??= await LocalNeo4j.StartAsync();
    }

    public async Task<LocalFalkor> FalkorAsync()
    {
        Skip.If(LocalFalkor.Missing is not null, LocalFalkor.Missing);
        return _falkor ??= await LocalFalkor.StartAsync();
    }

    public async Task<KafkaServer> KafkaAsync()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        return _kafka ??= await KafkaServer.StartNewAsync();
    }

    public async Task<DebeziumServer> DebeziumAsync()
    {
        Skip.If(DebeziumServer.Missing is not null, DebeziumServer.Missing);
        return _debezium ??= await DebeziumServer.StartAsync(await KafkaAsync(), withSchemas: true);
    }

    /// <summary>The target's address for the program, the graph emptied.</summary>
    public async Task<string> CleanTargetAsync(GraphKind kind, string graph)
    {
        if (kind == GraphKind.Falkor) return (await FalkorAsync()).Uri(graph);
        var neo4j = await Neo4jAsync();
        await neo4j.Http.WipeAsync();
        return neo4j.Bolt;
    }

    public async Task DisposeAsync()
    {
        if (_neo4j is not null) await _neo4j.DisposeAsync();
        if (_falkor is not null) await _falkor.DisposeAsync();
        if (_debezium is not null) await _debezium.DisposeAsync();
        if (_kafka is not null) await _kafka.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }
}

/// <summary>
/// Test collections that run side by side, each with servers of its own: one for each graph (Neo4j holds one graph at a time), one for what the program refuses.
/// </summary>
public static class Lane
{
    public const string Neo4j = "Neo4j";
    public const string Falkor = "FalkorDB";
    public const string Refusals = "refusals";
}

[CollectionDefinition(Lane.Neo4j)]
public sealed class Neo4jLane : ICollectionFixture<RealServers>;

[CollectionDefinition(Lane.Falkor)]
public sealed class FalkorLane : ICollectionFixture<RealServers>;

[CollectionDefinition(Lane.Refusals)]
public sealed class RefusalsLane : ICollectionFixture<RealServers>;
