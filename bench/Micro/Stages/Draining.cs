using BenchmarkDotNet.Attributes;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Bench.Micro.Rows;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>The hand-over alone.</summary>
public class Draining
{
    private const int Rows = 50_000;

    private readonly RowCoalescer _coalescer = new();
    private ChangeBatch _inserts = null!;

    [GlobalSetup]
    public void Setup() => _inserts = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));

    [IterationSetup]
    public void Fill()
    {
        foreach (ref readonly var entry in _inserts.Entries) _coalescer.Add(_inserts, entry, existenceUnknown: false);
    }

    [Benchmark(Description = "drain alone: 50,000 rows", OperationsPerInvoke = Rows)]
    public int Drain()
    {
        var operations = new OperationBuffer(_coalescer.Count);
        _coalescer.Drain(0, operations);
        var count = operations.Count;
        operations.Release();
        return count;
    }
}
