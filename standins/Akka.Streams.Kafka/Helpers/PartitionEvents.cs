using System.Collections.Immutable;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Helpers;

/// <summary>Hears of partitions that come and go, on the consumer's thread.</summary>
public interface IPartitionEventHandler
{
    void OnAssign(IImmutableSet<TopicPartition> assignedTopicPartitions, IRestrictedConsumer consumer);

    void OnRevoke(IImmutableSet<TopicPartitionOffset> revokedTopicPartitions, IRestrictedConsumer consumer);

    void OnStop(IImmutableSet<TopicPartition> topicPartitions, IRestrictedConsumer consumer);
}

/// <summary>What a partition handler may ask of the consumer.</summary>
public interface IRestrictedConsumer
{
    List<TopicPartition> Assignment { get; }

    List<TopicPartitionOffset> BeginningOffsets(IEnumerable<TopicPartition> topicPartitions);

    void CommitSync(IEnumerable<TopicPartitionOffset> offsets);

    void Committed(IEnumerable<TopicPartition> topicPartitions);

    Offset Position(TopicPartition topicPartition);

    void Seek(TopicPartitionOffset topicPartitionOffset);
}

/// <summary>Hears librdkafka's statistics, where <c>statistics.interval.ms</c> asks for them.</summary>
public interface IStatisticsHandler
{
    void OnStatistics<TKey, TValue>(IConsumer<TKey, TValue> consumer, string json);
}
