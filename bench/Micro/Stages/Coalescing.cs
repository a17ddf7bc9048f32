using BenchmarkDotNet.Attributes;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Bench.Micro.Rows;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Changes to net effects in one bucket, and the hand-over to the writers: what an entity actor does.</summary>
public class Coalescing
{
    private const int Rows = 5_000;

    private readonly RowCoalescer _coalescer = new();
    private ChangeBatch _inserts = null!;
    private ChangeBatch _updates = null!;
    private ChangeBatch _hot = null!;

    [GlobalSetup]
    public void Setup()
    {
        _inserts = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));
        _updates = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Update, SocialRows.Users(Rows));
        _hot = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Update, SocialRows.HotUsers(Rows, keys: 50));
    }

    [Benchmark(Description = "coalesce and drain: inserts", OperationsPerInvoke = Rows)]
    public int Inserts() => Coalesce(_inserts);

    [Benchmark(Description = "coalesce and drain: updates of as many rows", OperationsPerInvoke = Rows)]
    public int Updates() => Coalesce(_updates);

    [Benchmark(Description = "coalesce and drain: updates of 50 rows", OperationsPerInvoke = Rows)]
    public int HotKeys() => Coalesce(_hot);

    private int Coalesce(ChangeBatch batch)
    {
        foreach (ref readonly var entry in batch.Entries) _coalescer.Add(batch, entry, existenceUnknown: false);
        var operations = new OperationBuffer(_coalescer.Count);
        _coalescer.Drain(0, operations);
        var count = operations.Count;
        operations.Release();
        return count;
    }
}
