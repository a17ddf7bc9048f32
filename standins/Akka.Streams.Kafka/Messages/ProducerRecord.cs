using Confluent.Kafka;

namespace Akka.Streams.Kafka.Messages;

/// <summary>A record for a topic.</summary>
public class ProducerRecord<K, V> : IEquatable<ProducerRecord<K, V>>
{
    public ProducerRecord(string topic, V value) : this(topic, null, null, new Message<K, V> { Value = value }) { }

    public ProducerRecord(string topic, K key, V value) : this(topic, null, null, new Message<K, V> { Key = key, Value = value }) { }

    public ProducerRecord(string topic, Message<K, V> message) : this(topic, null, null, message) { }

    public ProducerRecord(TopicPartition topicPartition, V value)
        : this(topicPartition.Topic, topicPartition.Partition, null, new Message<K, V> { Value = value })
    {
    }

    public ProducerRecord(TopicPartition topicPartition, Message<K, V> message) : this(topicPartition.Topic, topicPartition.Partition, null, message) { }

    public ProducerRecord(string topic, int? partition, Message<K, V> message) : this(topic, partition, null, message) { }

    /// <param name="partition">Null: the producer's partitioner decides.</param>
    /// <param name="timestamp">Decoration, as in the real package: what counts is the message's.</param>
    public ProducerRecord(string topic, int? partition, long? timestamp, Message<K, V> message)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (timestamp < 0)
            throw new ArgumentException($"A timestamp is not negative; this one is {timestamp}.");
        if (partition < 0)
            throw new ArgumentException($"A partition is not negative; this one is {partition}.");
        (Topic, Partition, Timestamp, Message) = (topic, partition, timestamp, message);
    }

    public Message<K, V> Message { get; set; }

    public int? Partition { get; set; }

    public long? Timestamp { get; set; }

    public string Topic { get; set; }

    public bool Equals(ProducerRecord<K, V> other)
        => other != null && (Topic, Partition, Timestamp) == (other.Topic, other.Partition, other.Timestamp) && Equals(Message, other.Message);

    public override bool Equals(object obj) => Equals(obj as ProducerRecord<K, V>);

    public override int GetHashCode() => HashCode.Combine(Topic, Partition, Timestamp, Message);

    public override string ToString() => $"ProducerRecord(topic={Topic}, partition={Partition}, timestamp={Timestamp})";
}
