using PolyglotSync.Kafka.Consuming;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>
/// The partitions of one topic that this node reads. What stood in the topic when reading began comes in the order of the log, over all of them: a truncate, which stands in one, finds before it what came before it.
/// Later messages come as they arrive, the oldest of those that are there first. For the merge.
/// </summary>
/// <param name="lanes">In the order of partitions.</param>
/// <param name="ends">Of each partition when reading began: the offset after its last message.</param>
/// <param name="columns">Of the topic's table.</param>
internal sealed class TopicLanes(PartitionLane[] lanes, long[] ends, TableColumns columns)
{
    private readonly long[] _lsn = new long[lanes.Length];
    private readonly bool[] _hasHead = new bool[lanes.Length];

    public TableColumns Columns => columns;

    public IReadOnlyList<PartitionLane> Lanes => lanes;

    /// <summary>The next message; it is done with once <see cref="Take"/> is called.</summary>
    /// <returns>False where none is here, or an older one may be on its way.</returns>
    public bool TryNext(out int lane, out RawMessage message)
    {
        lane = -1;
        var isMissing = false;
        for (var i = 0; i < lanes.Length; i++)
        {
            if (!_hasHead[i])
            {
                if (lanes[i].TryPeek(long.MaxValue, out var head))
                {
                    (_hasHead[i], _lsn[i]) = (true, lanes.Length == 1 ? 0 : EnvelopeTail.Lsn(head.Value.Span));
                }
                else
                {
                    if (lanes[i].IsExhausted(ends[i])) continue;
                    // others may have taken all room meanwhile: it is fetched before them
                    _ = lanes[i].WaitAsync(CancellationToken.None);
                    isMissing = true;
                }
            }
            if (_hasHead[i] && (lane < 0 || _lsn[i] < _lsn[lane])) lane = i;
        }
        message = default;
        return !isMissing && lane >= 0 && lanes[lane].TryPeek(long.MaxValue, out message);
    }

    public void Take(int lane)
    {
        lanes[lane].Take();
        _hasHead[lane] = false;
    }
}
