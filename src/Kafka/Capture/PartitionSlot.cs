using Confluent.Kafka;

namespace PolyglotSync.Kafka.Capture;

/// <summary>One partition that is written: its last message is held back, since of those that go together only the last needs a delivery report.</summary>
/// <param name="index">Among all partitions of tables; -1 for that of the cuts.</param>
internal sealed class PartitionSlot(TopicPartition partition, int index)
{
    public TopicPartition Partition => partition;

    public int Index => index;

    /// <summary>The message that is held back.</summary>
    public bool Holds { get; set; }

    public byte[]? Key { get; set; }

    public byte[]? Value { get; set; }

    public Headers? Headers { get; set; }

    /// <summary>Messages since the last one with a report, that which is held included.</summary>
    public int Unmarked { get; set; }
}
