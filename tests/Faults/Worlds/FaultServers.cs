using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Worlds;

/// <summary>Servers that a suite of runs may kill: they keep what they have committed over a SIGKILL. After a run that failed all are made anew.</summary>
public sealed class FaultServers : IAsyncLifetime
{
    /// <summary>Of Neo4j: small enough to be used up by a test.</summary>
    private const int TransactionMemoryMb = 150;

    private PostgresServer? _postgres;
    private LocalNeo4j? _neo4j;
    private LocalFalkor? _falkor;
    private FaultBroker? _broker;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task<PostgresServer> PostgresAsync()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        // a commit that was answered is there after a kill: in the operating system's cache, which outlives the process
        return _postgres ??= await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["synchronous_commit"] = "on" });
    }

    public async Task<LocalNeo4j> Neo4jAsync()
    {
        Skip.If(LocalNeo4j.Missing is not null, LocalNeo4j.Missing);
        if (_neo4j is not null) return _neo4j;
        _neo4j = await LocalNeo4j.StartAsync(transactionMemoryMb: TransactionMemoryMb);
        Skip.IfNot(_neo4j.IsOurs, "the Neo4j at POLYSYNC_TEST_NEO4J is not ours to kill");
        return _neo4j;
    }

    /// <summary>What earlier runs have written would have to be read again each time that the server comes back: the next run's is a new one.</summary>
    public async Task RenewFalkorAsync()
    {
        var falkor = _falkor;
        _falkor = null;
        if (falkor is not null) await falkor.DisposeAsync();
    }

    public async Task<LocalFalkor> FalkorAsync()
    {
        Skip.If(LocalFalkor.Missing is not null, LocalFalkor.Missing);
        return _falkor ??= await LocalFalkor.StartAsync(isDurable: true);
    }

    public async Task<FaultBroker> BrokerAsync()
    {
        Skip.If(FaultBroker.Missing is not null, FaultBroker.Missing);
        return _broker ??= await FaultBroker.StartAsync();
    }

    /// <summary>Port of the graph's protocol.</summary>
    public async Task<int> GraphPortAsync(GraphKind kind) =>
        kind == GraphKind.Falkor ? (await FalkorAsync()).Port : new Uri((await Neo4jAsync()).Bolt).Port;

    public async Task KillGraphAsync(GraphKind kind)
    {
        if (kind == GraphKind.Falkor) await (await FalkorAsync()).KillAsync();
        else await (await Neo4jAsync()).KillAsync();
    }

    public async Task StartGraphAgainAsync(GraphKind kind)
    {
        if (kind == GraphKind.Falkor) await (await FalkorAsync()).StartAgainAsync();
        else await (await Neo4jAsync()).StartAgainAsync();
    }

    /// <summary>The next run gets servers of its own.</summary>
    public async Task DiscardAsync()
    {
        var (postgres, neo4j, falkor, broker) = (_postgres, _neo4j, _falkor, _broker);
        (_postgres, _neo4j, _falkor, _broker) = (null, null, null, null);
        if (neo4j is not null) await neo4j.DisposeAsync();
        if (falkor is not null) await falkor.DisposeAsync();
        if (broker is not null) await broker.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    public Task DisposeAsync() => DiscardAsync();
}

[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultServers>
{
    public const string Name = "Faults";
}
