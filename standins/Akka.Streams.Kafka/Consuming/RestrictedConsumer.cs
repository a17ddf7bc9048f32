using Akka.Streams.Kafka.Helpers;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>The consumer as partition handlers see it. Where they seek, a record that was read before is stale.</summary>
internal sealed class RestrictedConsumer<K, V>(IConsumer<K, V> consumer, TimeSpan timeout) : IRestrictedConsumer
{
    private readonly HashSet<TopicPartition> _sought = [];

    public List<TopicPartition> Assignment => consumer.Assignment;

    public List<TopicPartitionOffset> BeginningOffsets(IEnumerable<TopicPartition> topicPartitions)
        => consumer.OffsetsForTimes(topicPartitions.Select(p => new TopicPartitionTimestamp(p, new Timestamp(0, TimestampType.NotAvailable))), timeout);

    public void CommitSync(IEnumerable<TopicPartitionOffset> offsets) => consumer.Commit(offsets);

    public void Committed(IEnumerable<TopicPartition> topicPartitions) => consumer.Committed(topicPartitions, timeout);

    public Offset Position(TopicPartition topicPartition) => consumer.Position(topicPartition);

    public void Seek(TopicPartitionOffset topicPartitionOffset)
    {
        consumer.Seek(topicPartitionOffset);
        _sought.Add(topicPartitionOffset.TopicPartition);
    }

    /// <summary>Whether the partition was sought since the last <see cref="Forget"/>.</summary>
    public bool HasSought(TopicPartition partition) => _sought.Contains(partition);

    public void Forget() => _sought.Clear();
}
