using System.Collections.Immutable;
using Akka.Streams.Dsl;
using Akka.Streams.Kafka.Consuming;
using Akka.Streams.Kafka.Helpers;
using Akka.Streams.Kafka.Settings;
using Akka.Util;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Dsl;

/// <summary>Sources that read from Kafka without committing offsets.</summary>
public static class KafkaConsumer
{
    /// <summary>All partitions in one source. An error that is not fatal is logged and reading goes on.</summary>
    public static Source<ConsumeResult<K, V>, IControl> PlainSource<K, V>(ConsumerSettings<K, V> settings, ISubscription subscription)
        => new(run =>
        {
            var loop = new ConsumerLoop<K, V>(settings, subscription, run.Log);
            var source = new OneSource<K, V>(loop, subscription is IAutoSubscription auto ? auto.PartitionEventsHandler : Option<IPartitionEventHandler>.None);
            loop.Start(source);
            return (source.Lane, loop.Control);
        });

    /// <summary>A source for each partition that the group gives this consumer, from where the group left off. Any error fails the stream.</summary>
    public static Source<(TopicPartition, Source<ConsumeResult<K, V>, NotUsed>), IControl> PlainPartitionedSource<K, V>(ConsumerSettings<K, V> settings, IAutoSubscription subscription)
        => Partitioned(settings, subscription, null, static _ => { });

    /// <summary>
    /// A source for each partition that the group gives this consumer, from the offset that the caller says; from where the group left off for those it says
    /// nothing of. Any error fails the stream. The callback for revoked partitions comes after their sources have ended.
    /// </summary>
    public static Source<(TopicPartition, Source<ConsumeResult<K, V>, NotUsed>), IControl> PlainPartitionedManualOffsetSource<K, V>(
        ConsumerSettings<K, V> settings,
        IAutoSubscription subscription,
        Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> getOffsetsOnAssign,
        Action<IImmutableSet<TopicPartition>> onRevoke)
        => Partitioned(settings, subscription, getOffsetsOnAssign, onRevoke);

    private static Source<(TopicPartition, Source<ConsumeResult<K, V>, NotUsed>), IControl> Partitioned<K, V>(
        ConsumerSettings<K, V> settings,
        IAutoSubscription subscription,
        Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> getOffsetsOnAssign,
        Action<IImmutableSet<TopicPartition>> onRevoke)
    {
        if (subscription.PartitionEventsHandler.HasValue)
            throw new NotSupportedException("A partitioned source calls no partition handler, in the real package neither: use getOffsetsOnAssign and onRevoke.");
        return new(run =>
        {
            var loop = new ConsumerLoop<K, V>(settings, subscription, run.Log);
            var sources = new PartitionSources<K, V>(loop, getOffsetsOnAssign, onRevoke);
            loop.Start(sources);
            return (sources.Outer, loop.Control);
        });
    }
}
