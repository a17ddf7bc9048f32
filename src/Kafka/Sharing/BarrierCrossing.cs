using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>
/// Takes this node's partitions over changes that concern rows of several ones. What is agreed on stands in the graph, at the partitions: each that has come to the barrier says so; once all have, the owner of one of them
/// carries the change out and says that it passed, and the others follow. Whoever dies on the way is followed by the next owner of its partitions, who finds what stands there. Nodes meet barriers in the order of
/// capture, so none waits for another in a circle.
/// </summary>
/// <param name="partitions">As they were claimed.</param>
internal sealed class BarrierCrossing(string pipeline, IReadOnlyList<PartitionState> partitions, IPartitionBook book, TimeProvider time, ILogger log)
{
    /// <summary>The others mostly come within milliseconds; one whose node has just died, after the session's timeout.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<SourcePartition, PartitionState> _mine = partitions.ToDictionary(p => p.Partition);

    /// <summary>True where the partition is none of ours, or was over the barrier when it was claimed or since.</summary>
    public bool HasPassed(SourcePartition partition, BarrierPlace barrier) => !_mine.TryGetValue(partition, out var state) || state.Mark.HasPassed(barrier);

    /// <summary>Everything in front of the barrier is applied: says so, and waits until it is this node's turn or another's is done.</summary>
    /// <returns>True where this node is to carry the change out, and then to call <see cref="PassAsync"/>; false where it was done.</returns>
    public async Task<bool> ArriveAsync(TopicBarrier barrier, CancellationToken cancellationToken)
    {
        var executor = barrier.At(barrier.Executor);
        await MarkAsync([.. Ours(barrier).Where(p => !p.Mark.HasReached(barrier.Place))], new BarrierMark(barrier.Place, IsPassed: false), cancellationToken);
        var started = time.GetTimestamp();
        var told = TellEvery;
        var pause = FirstLook;
        while (true)
        {
            var states = (await book.ReadPartitionsAsync(pipeline, null, cancellationToken)).ToDictionary(p => p.Partition);
            if (states.TryGetValue(executor, out var first) && first.Mark.HasPassed(barrier.Place)) return false;
            var missing = barrier.Partitions.Where(p => !states.TryGetValue(barrier.At(p), out var state) || !state.Mark.HasReached(barrier.Place)).ToList();
            if (missing.Count == 0 && _mine.ContainsKey(executor)) return true;
            if (time.GetElapsedTime(started) >= told)
            {
                SharedLog.Waiting(log, pipeline, barrier.What, barrier.Topic, missing.Count == 0 ? $"{barrier.Executor}, whose node carries it out" : string.Join(", ", missing));
                told += TellEvery;
            }
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LookEvery ? pause * 2 : LookEvery;
        }
    }

    /// <summary>The change is carried out: this node's partitions go on.</summary>
    public Task PassAsync(TopicBarrier barrier, CancellationToken cancellationToken) =>
        MarkAsync([.. Ours(barrier).Where(p => !p.Mark.HasPassed(barrier.Place))], new BarrierMark(barrier.Place, IsPassed: true), cancellationToken);

    private IEnumerable<PartitionState> Ours(TopicBarrier barrier) => barrier.Partitions.Select(barrier.At).Where(_mine.ContainsKey).Select(p => _mine[p]);

    private async Task MarkAsync(IReadOnlyList<PartitionState> marked, BarrierMark mark, CancellationToken cancellationToken)
    {
        await book.MarkPartitionsAsync(pipeline, marked, mark, cancellationToken);
        foreach (var state in marked) _mine[state.Partition] = state with { Mark = mark };
    }
}
