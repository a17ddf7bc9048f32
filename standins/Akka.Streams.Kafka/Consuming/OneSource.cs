using System.Collections.Immutable;
using Akka.Streams.Kafka.Helpers;
using Akka.Util;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>All partitions in one source. What was read of a partition before it is revoked still comes.</summary>
internal sealed class OneSource<K, V> : IDestinations<K, V>
{
    private readonly ConsumerLoop<K, V> _loop;
    private readonly Option<IPartitionEventHandler> _handler;
    private readonly List<TopicPartition> _news = [];
    private RestrictedConsumer<K, V> _consumer;
    private IConsumer<K, V> _inner;

    public OneSource(ConsumerLoop<K, V> loop, Option<IPartitionEventHandler> handler)
    {
        (_loop, _handler) = (loop, handler);
        Lane = loop.NewLane<ConsumeResult<K, V>>(ConsumerLoop<K, V>.Weigh, (_, cause) => loop.ReaderLeft(cause));
    }

    public Lane<ConsumeResult<K, V>> Lane { get; }

    public bool StopsAtErrors => false;

    public void Opened(IConsumer<K, V> consumer) => (_inner, _consumer) = (consumer, new RestrictedConsumer<K, V>(consumer, _loop.Settings.PartitionHandlerWarning * 0.95));

    public IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        _news.AddRange(partitions);
        return [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset))];
    }

    public void Revoked(List<TopicPartitionOffset> partitions)
    {
        _news.RemoveAll(p => partitions.Any(r => r.TopicPartition == p));
        _handler.OnSuccess(handler => _loop.Timed("onRevoke", () => handler.OnRevoke(partitions.ToImmutableHashSet(), _consumer)));
    }

    /// <summary>Only now the consumer has the partitions, and a handler can seek.</summary>
    public void AfterPoll()
    {
        _consumer.Forget();
        if (_news.Count == 0)
            return;
        var news = _news.ToImmutableHashSet();
        _news.Clear();
        _handler.OnSuccess(handler => _loop.Timed("onAssign", () => handler.OnAssign(news, _consumer)));
    }

    public void Route(ConsumeResult<K, V> record)
    {
        // polled before the handler sought another place
        if (!_consumer.HasSought(record.TopicPartition))
            Lane.Put(record);
    }

    public void PauseSated()
    {
    }

    public bool ResumePaused() => false;

    public void Closing() => _handler.OnSuccess(handler => handler.OnStop(_inner.Assignment.ToImmutableHashSet(), _consumer));

    public void End(Exception failure) => Lane.End(failure);
}
