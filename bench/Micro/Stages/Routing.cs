using System.Buffers;
using BenchmarkDotNet.Attributes;
using PolyglotSync.Actors.Source;
using PolyglotSync.Bench.Micro.Rows;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>A batch to the slices of its buckets: what the source actor does with it.</summary>
public class Routing
{
    private const int Rows = 5_000;

    private readonly ChangeRouter _router = new(new LimitSettings().Buckets);
    private ChangeBatch _many = null!;
    private ChangeBatch[] _single = [];

    [GlobalSetup]
    public void Setup()
    {
        _many = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));
        _single = [.. SocialRows.Users(500).Select(row => SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Update, [row]))];
    }

    [Benchmark(Description = "route: batches of 5,000", OperationsPerInvoke = Rows)]
    public int Many() => Route(_many);

    [Benchmark(Description = "route: batches of one", OperationsPerInvoke = 500)]
    public int Single()
    {
        var slices = 0;
        foreach (var batch in _single) slices += Route(batch);
        return slices;
    }

    private int Route(ChangeBatch batch)
    {
        var slices = 0;
        foreach (var slice in _router.Part(batch, Position.Start))
        {
            slices++;
            ArrayPool<int>.Shared.Return(slice.Indexes);
        }
        return slices;
    }
}
