using BenchmarkDotNet.Attributes;
using Neo4j.Driver;
using PolyglotSync.Bench.Micro.Rows;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Rows to a socket: what the driver does with a statement, by its public API, against a server that throws everything away.</summary>
public class Sending
{
    private const int Rows = 5_000;

    private readonly Dictionary<string, object> _parameters = [];
    private DiscardingServer _server = null!;
    private IDriver _driver = null!;

    [GlobalSetup]
    public void Setup()
    {
        _server = new DiscardingServer();
        _driver = GraphDatabase.Driver(_server.Address, AuthTokens.None);
        var (mapping, _) = MappingInference.Infer(SocialTables.Schema, new MappingSettings());
        var plan = (NodePlan)new GraphPlan(mapping, SocialTables.Schema, GraphDialect.Neo4j).For(SocialTables.UserRelation)!;
        var batch = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));
        var rows = new DriverRows(Rows);
        foreach (ref readonly var entry in batch.Entries)
        {
            rows.Begin(plan.Key.Count + plan.Fields.Count);
            foreach (var field in plan.Key.Concat(plan.Fields)) rows.Add(field, batch.New(entry));
            rows.End();
        }
        _parameters["rows"] = rows.Rows;
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _driver.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(Description = "driver: encode and send inserts", OperationsPerInvoke = Rows)]
    public async Task Send()
    {
        await using var session = _driver.AsyncSession();
        var cursor = await session.RunAsync("UNWIND $rows AS r CREATE (n:`User` {`id`: r[0]})", _parameters);
        await cursor.ConsumeAsync();
    }
}
