using System.Text;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>Makes of a message that cannot be read what a dead letter keeps of it.</summary>
internal static class Refusals
{
    /// <summary>Of the message's value.</summary>
    private const int MaxValueBytes = 64 * 1024;

    private const int MaxKeyBytes = 4 * 1024;

    public static RefusedMessage Of(PartitionLane lane, TableName table, in RawMessage message, Position position, string reason)
    {
        var key = Text(message.Key.Span, MaxKeyBytes);
        Failpoint.Reach(Failpoint.Refusing);
        return new RefusedMessage(table, key, Text(message.Value.Span, MaxValueBytes), message.Value.Length, lane.Topic, lane.Partition, message.Offset, position, reason);
    }

    private static string Text(ReadOnlySpan<byte> bytes, int most) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, most)]);
}
