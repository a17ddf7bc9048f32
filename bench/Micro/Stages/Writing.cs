using BenchmarkDotNet.Attributes;
using PolyglotSync.Bench.Micro.Rows;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Net effects to the statements' rows: sorted, encoded, and thrown away where the driver would take them.</summary>
public class Writing
{
    private const int Rows = 5_000;

    private readonly WaitingRelationships _waiting = new();
    private GraphPlan _neo4j = null!;
    private GraphPlan _falkor = null!;
    private RowOperation[] _inserts = [];
    private RowOperation[] _updates = [];
    private RowOperation[] _follows = [];
    private RowOperation[][] _single = [];

    [GlobalSetup]
    public void Setup()
    {
        var (mapping, _) = MappingInference.Infer(SocialTables.Schema, new MappingSettings());
        _neo4j = new GraphPlan(mapping, SocialTables.Schema, GraphDialect.Neo4j);
        _falkor = new GraphPlan(mapping, SocialTables.Schema, GraphDialect.Falkor);
        var users = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));
        _inserts = SocialRows.Operations(users, RowOperationKind.Insert);
        _updates = SocialRows.Operations(users, RowOperationKind.Update);
        _follows = SocialRows.Operations(SocialRows.Batch(SocialTables.FollowRelation, ChangeKind.Insert, SocialRows.Follows(Rows)), RowOperationKind.Insert);
        _single = [.. _updates.Take(500).Select(o => new[] { o })];
    }

    [Benchmark(Description = "sort and encode for Neo4j: inserts", OperationsPerInvoke = Rows)]
    public Task Neo4jInserts() => WriteAsync(_neo4j, _inserts, isAtomic: true);

    [Benchmark(Description = "sort and encode for Neo4j: updates", OperationsPerInvoke = Rows)]
    public Task Neo4jUpdates() => WriteAsync(_neo4j, _updates, isAtomic: true);

    [Benchmark(Description = "sort and encode for Neo4j: relationships", OperationsPerInvoke = Rows)]
    public Task Neo4jRelationships() => WriteAsync(_neo4j, _follows, isAtomic: true);

    [Benchmark(Description = "sort and encode for Neo4j: updates, a set each", OperationsPerInvoke = 500)]
    public async Task Neo4jSingle()
    {
        foreach (var update in _single) await WriteAsync(_neo4j, update, isAtomic: true);
    }

    [Benchmark(Description = "sort and encode for FalkorDB: inserts", OperationsPerInvoke = Rows)]
    public Task FalkorInserts() => WriteAsync(_falkor, _inserts, isAtomic: false);

    [Benchmark(Description = "sort and encode for FalkorDB: updates", OperationsPerInvoke = Rows)]
    public Task FalkorUpdates() => WriteAsync(_falkor, _updates, isAtomic: false);

    private async Task WriteAsync(GraphPlan plan, RowOperation[] operations, bool isAtomic)
    {
        using var runner = new DiscardingRunner(isAtomic);
        await new WriteSetWriter(plan, new WriteSet { Operations = operations, Generation = 1 }, runner, "bench", _waiting).WriteAsync(default);
    }
}
