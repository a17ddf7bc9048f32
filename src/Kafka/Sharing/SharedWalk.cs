using System.Runtime.CompilerServices;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>Goes from cut to cut, over the barriers on the way. Driven by one task; knows no broker.</summary>
/// <param name="given">Where the partitions stand before the first step.</param>
internal sealed class SharedWalk(SharedMerge merge, BarrierCrossing barriers, AppliedOffsets applied, IReadOnlyList<PartitionOffset> given)
{
    private IReadOnlyList<PartitionOffset> _given = given;

    /// <param name="told">All columns that the cuts' log has told of.</param>
    /// <param name="more">True where another step waits.</param>
    /// <param name="graph">The cut that the graph has; asked where a batch ends.</param>
    public async IAsyncEnumerable<ChangeBatch> ReadAsync(
        CutStep step, IReadOnlyList<RelationRecord> told, bool more, Func<CutReached> graph, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in merge.ReadAsync(step, told, more, graph, cancellationToken))
        {
            if (item.Batch is { } batch)
            {
                yield return Give(batch);
                continue;
            }
            var barrier = item.Barrier!;
            await applied.UntilAsync(_given, cancellationToken);
            if (await barriers.ArriveAsync(barrier, cancellationToken))
            {
                yield return Give(barrier.Carry());
                await applied.UntilItselfAsync(_given, cancellationToken);
            }
            await barriers.PassAsync(barrier, cancellationToken);
        }
    }

    /// <summary>An empty batch, to tell of the cut that the graph has.</summary>
    public ChangeBatch Tell(CutReached graph) => Give(merge.Complete(graph));

    private ChangeBatch Give(ChangeBatch batch)
    {
        _given = batch.Cut!.Value.Partitions!;
        return batch;
    }
}
