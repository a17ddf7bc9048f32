using System.Runtime.CompilerServices;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Reads from where a graph stands to a cut: the partitions' messages in the order of their numbers, which is the order in which they were captured. What other epochs wrote, a change that came before, and
/// what stands between an epoch's last cut and the next epoch are passed over. Driven by one task; knows no broker.
/// </summary>
internal sealed class TopicMerge
{
    private readonly IReadOnlyDictionary<string, TableName> _topics;
    private readonly RelationHistory _relations;
    private readonly BatchCutter _out;
    private readonly Dictionary<string, List<PartitionLane>> _lanes = [];
    private readonly PriorityQueue<PartitionLane, long> _heads = new();
    private readonly LaneBudget _budget;
    private readonly Action<IReadOnlyList<PartitionLane>> _added;
    private readonly string _prefix;
    private readonly string _where;
    private readonly HashSet<string> _late;
    private long _epoch;
    private long _number;
    private bool _isGiven;

    /// <param name="topics">The pipeline's tables by topic.</param>
    /// <param name="added">Told of partitions that are to be read.</param>
    public TopicMerge(
        IReadOnlyDictionary<string, TableName> topics, RelationHistory relations, LimitSettings limits, ReadPlace from, Cut reached, CopyState copy, LaneBudget budget,
        Action<IReadOnlyList<PartitionLane>> added, string where, int fullRows = BatchCutter.FullRows)
    {
        (_topics, _relations, _budget, _added, _prefix, _where) = (topics, relations, budget, added, from.Prefix, where);
        (_epoch, _number, _isGiven) = (from.Epoch, from.Change, true);
        _out = new BatchCutter(limits, reached, copy, () => Place.ToString(), fullRows);
        _late = from.Epoch == 0 ? [] : [.. topics.Keys.Where(t => !from.Offsets.ContainsKey(t))];
        foreach (var topic in topics.Keys) _lanes[topic] = [];
        Grow(from.Offsets, from.Offsets);
    }

    /// <summary>What was read.</summary>
    public ReadPlace Place => new(_prefix, _epoch, _number, _lanes.Where(l => l.Value.Count > 0).ToDictionary(l => l.Key, l => l.Value.Select(p => p.Position).ToArray()));

    public long Rows { get; private set; }

    /// <summary>Those that hold something of the pipeline's.</summary>
    public IReadOnlyList<string> Topics => [.. _lanes.Where(l => l.Value.Count > 0).Select(l => l.Key)];

    /// <summary>Messages between what was read and a cut.</summary>
    public long Behind(CutStep newest)
    {
        var behind = 0L;
        foreach (var (topic, lanes) in _lanes)
        {
            if (newest.Epoch != _epoch || !newest.Offsets.TryGetValue(topic, out var ends)) continue;
            // asked for from another thread, while partitions may be added
            for (var p = 0; p < Math.Min(lanes.Count, ends.Length); p++) behind += Math.Max(0, ends[p] - lanes[p].Position);
        }
        return behind;
    }

    /// <param name="relations">All columns that the cuts' log has told of.</param>
    /// <param name="more">True where another step waits: then few rows wait for its own.</param>
    public async IAsyncEnumerable<ChangeBatch> ReadAsync(
        CutStep step, IReadOnlyList<Cuts.RelationRecord> relations, bool more, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (step.Epoch != 0)
        {
            _relations.Learn(relations);
            RequireNoneLate(step.Offsets);
            Grow(step.Offsets, null);
            foreach (var lane in Lanes(step.Offsets))
                if (await EpochLane.LoadAsync(lane, step, cancellationToken)) _heads.Enqueue(lane, lane.Head.Number);
            while (_heads.TryDequeue(out var lane, out _))
            {
                bool isNext;
                do
                {
                    while (_relations.NextChange <= lane.Head.Number)
                    {
                        var number = _relations.NextChange;
                        if (_relations.Advance() is not { } change) continue;
                        if (_out.BeforeSchemaChange() is { } before) yield return before;
                        _out.Add(change.Change, change.At);
                        (_number, _isGiven) = (number, true);
                    }
                    // in the middle of a change there is no cut
                    if (lane.Head.Number > _number && _out.Before(lane.Head.Position) is { } full) yield return full;
                    if ((lane.Head.Epoch != step.Epoch ? RefuseForeign(lane, step) : IsNew(lane.Head.Number) ? Give(lane, step) : null) is { } crowded) yield return crowded;
                    lane.Take();
                    isNext = await EpochLane.LoadAsync(lane, step, cancellationToken);
                }
                while (isNext && (_heads.Count == 0 || !_heads.TryPeek(out _, out var other) || lane.Head.Number <= other));
                if (isNext) _heads.Enqueue(lane, lane.Head.Number);
            }
            while (_relations.NextChange <= step.Change)
            {
                var number = _relations.NextChange;
                if (_relations.Advance() is not { } change) continue;
                if (_out.BeforeSchemaChange() is { } before) yield return before;
                _out.Add(change.Change, change.At);
                (_number, _isGiven) = (number, true);
            }
        }
        Reach(step, relations);
        if (_out.At(step, more) is { } last) yield return last;
    }

    /// <summary>A number may come several times: a truncate stands in every partition, a changed key in two places, and a message may have been sent twice.</summary>
    private bool IsNew(long number)
    {
        if (number < _number || (number == _number && _isGiven)) return false;
        if (number > _number) _isGiven = false;
        _number = number;
        return true;
    }

    private ChangeBatch? RefuseForeign(PartitionLane lane, CutStep step) =>
        _out.Refuse(EpochLane.RefuseForeign(lane, _topics[lane.Topic], EpochLane.HeadOf(lane, step), _out.Reached.Position));

    private ChangeBatch? Give(PartitionLane lane, CutStep step)
    {
        var message = EpochLane.HeadOf(lane, step);
        var table = _topics[lane.Topic];
        try
        {
            var reader = _relations.Reader(table) ?? throw EpochLane.ColumnsUnknown(lane, message, _where);
            var read = reader.Read(message.Key.Span, message.Value.Span, _out.Writer);
            if (read.Kind != EnvelopeKind.Change) return null;
            _out.Added(read.Position, read.SourceTimestamp);
            Rows++;
            _isGiven = true;
            return null;
        }
        catch (EnvelopeException e)
        {
            _isGiven = true;
            return _out.Refuse(Refusals.Of(lane, table, message, lane.Head.Position, e.Message));
        }
    }

    private void Reach(CutStep step, IReadOnlyList<Cuts.RelationRecord> relations)
    {
        (_number, _isGiven) = (step.Change, true);
        if (step.Next is not { } next) return;
        (_epoch, _number) = (next.Epoch, 0);
        RequireNoneLate(next.Offsets);
        _late.Clear();
        Grow(next.Ends, next.Ends);
        foreach (var lane in Lanes(next.Ends)) lane.SkipTo(next.Ends[lane.Topic][lane.Partition]);
        _relations.Enter(relations, next.Epoch, 0);
    }

    private IEnumerable<PartitionLane> Lanes(IReadOnlyDictionary<string, long[]> offsets)
    {
        foreach (var (topic, lanes) in _lanes)
        {
            if (!offsets.TryGetValue(topic, out var ends)) continue;
            for (var p = 0; p < ends.Length; p++)
            {
                if (ends[p] < lanes[p].Position)
                {
                    throw Connecting.KafkaFailures.Unfit(_where, $"{topic} [{p}] was read up to offset {lanes[p].Position}, and by the cuts it ends at {ends[p]}: "
                        + $"the topic was deleted and made anew; {Cuts.Resync.Anew}");
                }
                yield return lanes[p];
            }
        }
    }

    /// <summary>What was captured of a table before the pipeline took it was passed over.</summary>
    private void RequireNoneLate(IReadOnlyDictionary<string, long[]> offsets)
    {
        if (_late.FirstOrDefault(t => offsets.TryGetValue(t, out var ends) && ends.Any(end => end > 0)) is not { } topic) return;
        throw Connecting.KafkaFailures.Unfit(_where, $"table {_topics[topic]} was captured before this pipeline took it, and what was is behind the graph; leave the table out, or {Cuts.Resync.Anew}");
    }

    /// <summary>Partitions that were not heard of yet are read from where the epoch or the graph says, else from their beginning.</summary>
    private void Grow(IReadOnlyDictionary<string, long[]> offsets, IReadOnlyDictionary<string, long[]>? from)
    {
        List<PartitionLane> news = [];
        foreach (var (topic, lanes) in _lanes)
        {
            if (!offsets.TryGetValue(topic, out var ends)) continue;
            for (var p = lanes.Count; p < ends.Length; p++)
            {
                var lane = new PartitionLane(topic, p, from is null ? 0 : ends[p], _budget);
                lanes.Add(lane);
                news.Add(lane);
            }
        }
        if (news.Count > 0) _added(news);
    }
}
