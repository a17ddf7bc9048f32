using System.Runtime.CompilerServices;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.PerKey;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>
/// Reads the partitions that were dealt to this node from cut to cut, in the order of capture among themselves; each partition on from where the graph has it. What other epochs wrote and what stands between an epoch's
/// last cut and the next epoch are passed over, so each change comes once. A batch may end behind any change: rows are in order key by key. Driven by one task; knows no broker.
/// </summary>
/// <param name="topics">The pipeline's tables by topic.</param>
/// <param name="order">The partitions, in the order in which a batch tells of them.</param>
/// <param name="barriers">Which of them the partitions have passed.</param>
internal sealed class SharedMerge(
    IReadOnlyDictionary<string, TableName> topics, RelationHistory relations, IReadOnlyList<PartitionLane> order, BarrierCrossing barriers, string where, int fullRows = BatchCutter.FullRows)
{
    private const int FullBytes = 4 * 1024 * 1024;
    private const int MaxRefused = 100;

    /// <summary>So many rows do not wait for those of the next cut.</summary>
    private const int WorthwhileRows = 1_000;

    private readonly ChangeBatchWriter _writer = new();
    private readonly SourcePartition[] _partitions = [.. order.Select(l => new SourcePartition(l.Topic, l.Partition))];
    private readonly Dictionary<TableName, string> _topicOf = topics.ToDictionary(t => t.Value, t => t.Key);
    private readonly PriorityQueue<PartitionLane, long> _heads = new();
    private long _number;
    private long _joined;
    private CopyState _told = CopyState.Empty;
    private long _timestamp;
    private int _refused;

    public long Rows { get; private set; }

    /// <summary>The cut that was read to last.</summary>
    public CutReached Reached { get; private set; } = CutReached.Nothing;

    /// <summary>Messages between what was read and a cut.</summary>
    public long Behind(CutStep newest) => order.Sum(l => newest.Offsets.TryGetValue(l.Topic, out var ends) && l.Partition < ends.Length ? Math.Max(0, ends[l.Partition] - l.Position) : 0);

    /// <param name="told">All columns that the cuts' log has told of.</param>
    /// <param name="more">True where another step waits: then few rows wait for its own.</param>
    /// <param name="graph">The cut that the graph has once a batch that ends here is applied.</param>
    public async IAsyncEnumerable<SharedItem> ReadAsync(
        CutStep step, IReadOnlyList<RelationRecord> told, bool more, Func<CutReached> graph, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (step.Epoch != 0)
        {
            relations.Learn(told);
            foreach (var lane in Of(order, step.Offsets))
                if (await EpochLane.LoadAsync(lane, step, cancellationToken)) _heads.Enqueue(lane, lane.Head.Number);
            while (_heads.TryDequeue(out var lane, out _))
            {
                bool isNext;
                do
                {
                    while (relations.NextChange <= lane.Head.Number)
                    {
                        if (Columns(step) is not { } changed) continue;
                        if (!_writer.IsEmpty) yield return new SharedItem(Complete(graph()), null);
                        yield return new SharedItem(null, changed);
                    }
                    // what is one change in two places is in one batch
                    if (lane.Head.Number > _number && IsFull) yield return new SharedItem(Complete(graph()), null);
                    if (IsCarried(lane, step))
                    {
                        // a truncate or half of a changed key that is done with, whoever did it
                    }
                    else if ((Truncate(lane, step) ?? Move(lane, step)) is { } barrier)
                    {
                        if (!_writer.IsEmpty) yield return new SharedItem(Complete(graph()), null);
                        yield return new SharedItem(null, barrier);
                    }
                    else Give(lane, step);
                    _number = Math.Max(_number, lane.Head.Number);
                    lane.Take();
                    isNext = await EpochLane.LoadAsync(lane, step, cancellationToken);
                }
                while (isNext && (_heads.Count == 0 || !_heads.TryPeek(out _, out var other) || lane.Head.Number <= other));
                if (isNext) _heads.Enqueue(lane, lane.Head.Number);
            }
            while (relations.NextChange <= step.Change)
            {
                if (Columns(step) is not { } changed) continue;
                if (!_writer.IsEmpty) yield return new SharedItem(Complete(graph()), null);
                yield return new SharedItem(null, changed);
            }
        }
        Reach(step, told);
        if (!more || _writer.Count >= Math.Min(WorthwhileRows, fullRows) || _writer.Bytes >= FullBytes) yield return new SharedItem(Complete(graph()), null);
    }

    /// <summary>Whatever was gathered, perhaps nothing, as a batch.</summary>
    public ChangeBatch Complete(CutReached graph)
    {
        _refused = 0;
        var copy = CopyStates.Same(graph.Copy, _told) ? null : _told = graph.Copy;
        var reached = new PartitionOffset[_partitions.Length];
        for (var i = 0; i < reached.Length; i++) reached[i] = new PartitionOffset(_partitions[i], order[i].Position);
        return _writer.Complete(new Cut(Position.Start, graph.Watermark) { Partitions = reached }, copy, _timestamp);
    }

    private bool IsFull => _writer.Count >= fullRows || _writer.Bytes >= FullBytes || _refused >= MaxRefused;

    /// <summary>The next columns are in force.</summary>
    /// <returns>Where the graph is to be told, and was not: the barrier.</returns>
    private TopicBarrier? Columns(CutStep step)
    {
        var at = new BarrierPlace(step.Epoch, relations.NextChange);
        if (relations.Advance() is not { } change || !_topicOf.TryGetValue(change.Change.After.Table, out var topic) || !step.Offsets.TryGetValue(topic, out var ends)
            || Enumerable.Range(0, ends.Length).All(p => barriers.HasPassed(new SourcePartition(topic, p), at))) return null;
        return new TopicBarrier(topic, [.. Enumerable.Range(0, ends.Length)], 0, at, $"columns of {change.Change.After.Table} changed", () =>
        {
            _writer.AddSchemaChange(change.Change, change.At);
            return Complete(new CutReached(Lsn.Zero, _told));
        });
    }

    private bool IsCarried(PartitionLane lane, CutStep step) => lane.Head.Epoch == step.Epoch && (lane.Head.LacksValues || IsTruncate(lane, step))
        && barriers.HasPassed(new SourcePartition(lane.Topic, lane.Partition), new BarrierPlace(step.Epoch, lane.Head.Number));

    private static bool IsTruncate(PartitionLane lane, CutStep step) =>
        EpochLane.HeadOf(lane, step) is var message && message.Key.IsEmpty && EnvelopeTail.IsTruncate(message.Value.Span);

    private TopicBarrier? Truncate(PartitionLane lane, CutStep step)
    {
        if (lane.Head.Epoch != step.Epoch || !IsTruncate(lane, step)) return null;
        var message = EpochLane.HeadOf(lane, step);
        return new TopicBarrier(lane.Topic, [.. Enumerable.Range(0, step.Offsets[lane.Topic].Length)], 0, new BarrierPlace(step.Epoch, lane.Head.Number), $"{topics[lane.Topic]} was truncated", () =>
        {
            Read(lane, message);
            return Complete(new CutReached(Lsn.Zero, _told));
        });
    }

    /// <summary>
    /// A row whose key changed, and whose large values are at the old key only: they go along where both halves are one change. Both halves at hand are one; else the owner of the new key's partition waits until that of
    /// the old one has come there, makes the change, and the other goes on.
    /// </summary>
    /// <returns>Null where the message is of no such row, or both halves are here.</returns>
    private TopicBarrier? Move(PartitionLane lane, CutStep step)
    {
        if (!lane.Head.LacksValues || lane.Head.Number == _joined) return null;
        var message = EpochLane.HeadOf(lane, step);
        var other = KeyPartitioner.PartitionOf(message.OtherKey(out var isLeaving), step.Offsets[lane.Topic].Length);
        if (other == lane.Partition || (_heads.TryPeek(out var head, out var number) && number == lane.Head.Number && head.Topic == lane.Topic && head.Partition == other))
        {
            _joined = lane.Head.Number;
            return null;
        }
        return new TopicBarrier(lane.Topic, [lane.Partition, other], isLeaving ? other : lane.Partition, new BarrierPlace(step.Epoch, lane.Head.Number), $"a row of {topics[lane.Topic]} changed its key", () =>
        {
            Read(lane, message);
            return Complete(new CutReached(Lsn.Zero, _told));
        });
    }

    private void Give(PartitionLane lane, CutStep step)
    {
        var message = EpochLane.HeadOf(lane, step);
        if (lane.Head.Epoch != step.Epoch) Refuse(EpochLane.RefuseForeign(lane, topics[lane.Topic], message, Position.Start));
        // a number that came before was sent twice
        else if (lane.Head.Number >= _number) Read(lane, message);
    }

    private void Read(PartitionLane lane, in RawMessage message)
    {
        var table = topics[lane.Topic];
        var reader = relations.Reader(table) ?? throw EpochLane.ColumnsUnknown(lane, message, where);
        reader.KeyChanges = lane.Head.LacksValues ? KeyChanges.Join : KeyChanges.Split;
        try
        {
            var read = reader.Read(message.Key.Span, message.Value.Span, _writer);
            if (read.Kind != EnvelopeKind.Change) return;
            Rows++;
            if (read.SourceTimestamp != 0) _timestamp = read.SourceTimestamp;
        }
        catch (EnvelopeException e)
        {
            Refuse(Refusals.Of(lane, table, message, lane.Head.Position, e.Message));
        }
    }

    private void Refuse(RefusedMessage message)
    {
        _refused++;
        _writer.AddRefused(message);
    }

    private void Reach(CutStep step, IReadOnlyList<RelationRecord> told)
    {
        if (step.CommitTimestamp != 0 && !_writer.IsEmpty) _timestamp = step.CommitTimestamp;
        Reached = new CutReached(Lsn.Max(Reached.Watermark, step.Cut.Watermark), step.Copy);
        _number = Math.Max(_number, step.Change);
        if (step.Next is not { } next) return;
        (_number, _joined) = (0, 0);
        foreach (var lane in Of(order, next.Ends)) lane.SkipTo(next.Ends[lane.Topic][lane.Partition]);
        relations.Enter(told, next.Epoch, 0);
    }

    private static IEnumerable<PartitionLane> Of(IReadOnlyList<PartitionLane> lanes, IReadOnlyDictionary<string, long[]> offsets) =>
        lanes.Where(l => offsets.TryGetValue(l.Topic, out var ends) && l.Partition < ends.Length);
}
