using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Streams.Dsl;
using Akka.Streams.Kafka.Stages.Consumers.Exceptions;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>
/// A source for each partition. Where to read from is known before the first record is fetched, and a revoked partition's source ends before the group hears that
/// the partition is free: the real package does both a moment later.
/// </summary>
internal sealed class PartitionSources<K, V> : IDestinations<K, V>
{
    private readonly ConsumerLoop<K, V> _loop;
    private readonly Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> _offsets;
    private readonly Action<IImmutableSet<TopicPartition>> _onRevoke;
    private readonly ConcurrentDictionary<TopicPartition, Lane<ConsumeResult<K, V>>> _lanes = new();
    private readonly ConcurrentQueue<(TopicPartition Partition, Lane<ConsumeResult<K, V>> Lane, Offset Next)> _left = new();
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly ConcurrentDictionary<Lane<ConsumeResult<K, V>>, TopicPartition> _partitions = new();
    private IConsumer<K, V> _consumer;
    private (string Topic, Partition Partition, Lane<ConsumeResult<K, V>> Lane) _last;
    private volatile bool _ended;
    private volatile Exception _failure;

    /// <param name="loop">The consumer.</param>
    /// <param name="offsets">Where to read newly assigned partitions from; null: where the group left off.</param>
    /// <param name="onRevoke">Hears of partitions that are gone.</param>
    public PartitionSources(
        ConsumerLoop<K, V> loop,
        Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> offsets,
        Action<IImmutableSet<TopicPartition>> onRevoke)
    {
        (_loop, _offsets, _onRevoke) = (loop, offsets, onRevoke);
        Outer = new Lane<(TopicPartition, Source<ConsumeResult<K, V>, NotUsed>)>(new Backlog(long.MaxValue), _ => 0, (_, cause) => loop.ReaderLeft(cause));
    }

    public Lane<(TopicPartition, Source<ConsumeResult<K, V>, NotUsed>)> Outer { get; }

    public bool StopsAtErrors => true;

    public void Opened(IConsumer<K, V> consumer) => _consumer = consumer;

    /// <summary>A member that gets nothing is told so, as by the real one.</summary>
    public IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        if (_ended)
            return [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset))];
        var offsets = Offsets(partitions.ToImmutableHashSet()).ToDictionary(o => o.TopicPartition, o => o.Offset);
        foreach (var partition in partitions)
            Emit(partition);
        return [.. partitions.Select(p => new TopicPartitionOffset(p, offsets.GetValueOrDefault(p, Offset.Unset)))];
    }

    /// <summary>The real one, too, tells of nothing at all when a member joins.</summary>
    public void Revoked(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions.Select(p => p.TopicPartition))
        {
            // librdkafka would remember the pause if the partition came back
            if (_paused.Remove(partition))
                _consumer.Resume([partition]);
            if (!_lanes.TryRemove(partition, out var lane))
                continue;
            _partitions.TryRemove(lane, out _);
            lane.End(null);
        }
        _last = default;
        _loop.Timed("onRevoke", () => _onRevoke(partitions.Select(p => p.TopicPartition).ToImmutableHashSet()));
    }

    /// <summary>A source that its reader left while the partition is ours comes again, from the first record that was not read.</summary>
    public void AfterPoll()
    {
        while (_left.TryDequeue(out var left))
        {
            if (_ended || !_lanes.TryGetValue(left.Partition, out var lane) || lane != left.Lane)
                continue;
            _partitions.TryRemove(lane, out _);
            if (left.Next != Offset.Unset)
                _consumer.Seek(new TopicPartitionOffset(left.Partition, left.Next));
            _last = default;
            Emit(left.Partition);
        }
    }

    public void Route(ConsumeResult<K, V> record)
    {
        if (_last.Lane == null || _last.Partition != record.Partition || _last.Topic != record.Topic)
        {
            if (!_lanes.TryGetValue(record.TopicPartition, out var lane))
                return;
            _last = (record.Topic, record.Partition, lane);
        }
        _last.Lane.Put(record);
    }

    public void PauseSated()
    {
        var share = _loop.Share(_lanes.Count);
        var sated = _lanes.Where(l => !_paused.Contains(l.Key) && !l.Value.IsHungry && l.Value.Held >= share).Select(l => l.Key).ToList();
        if (sated.Count == 0)
            return;
        _consumer.Pause(sated);
        _paused.UnionWith(sated);
    }

    public bool ResumePaused()
    {
        if (_paused.Count == 0)
            return false;
        if (_loop.HasRoomAgain)
        {
            _consumer.Resume(_paused);
            _paused.Clear();
            return false;
        }
        List<TopicPartition> wanted = null;
        foreach (var partition in _paused)
        {
            if (!_lanes.TryGetValue(partition, out var lane) || lane.IsHungry)
                (wanted ??= []).Add(partition);
        }
        if (wanted == null)
            return true;
        _consumer.Resume(wanted);
        _paused.ExceptWith(wanted);
        return _paused.Count > 0;
    }

    public void Closing()
    {
    }

    public void End(Exception failure)
    {
        _failure = failure;
        _ended = true;
        Outer.End(failure);
        foreach (var lane in _lanes.Values)
            lane.End(failure);
    }

    private void Emit(TopicPartition partition)
    {
        var lane = _loop.NewLane<ConsumeResult<K, V>>(ConsumerLoop<K, V>.Weigh, Left);
        _partitions[lane] = partition;
        _lanes[partition] = lane;
        // an end that came meanwhile has not seen this one
        if (_ended)
            lane.End(_failure);
        var runs = 0;
        Outer.Put((partition, new Source<ConsumeResult<K, V>, NotUsed>(_ => Interlocked.Increment(ref runs) == 1
            ? (lane, NotUsed.Instance)
            : throw new NotSupportedException("This stand-in of Akka.Streams.Kafka runs a partition's source once; the real package lets a second run replace the first."))));
    }

    private void Left(Lane<ConsumeResult<K, V>> lane, Exception cause)
    {
        if (_partitions.TryGetValue(lane, out var partition))
            _left.Enqueue((partition, lane, lane.TryPeek(out var next) ? next.Offset : Offset.Unset));
    }

    private IImmutableSet<TopicPartitionOffset> Offsets(IImmutableSet<TopicPartition> partitions)
    {
        if (_offsets == null)
            return ImmutableHashSet<TopicPartitionOffset>.Empty;
        IImmutableSet<TopicPartitionOffset> offsets = null;
        try
        {
            _loop.Timed("getOffsetsOnAssign", () => offsets = _offsets(partitions).GetAwaiter().GetResult());
        }
        catch (Exception cause)
        {
            throw new ConsumerFailed($"Failed to fetch offset for partitions: {string.Join(", ", partitions)}", cause);
        }
        return offsets;
    }
}
