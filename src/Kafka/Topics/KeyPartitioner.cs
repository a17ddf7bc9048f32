using System.Buffers.Binary;

namespace PolyglotSync.Kafka.Topics;

/// <summary>
/// Which partition a key goes to: Kafka's murmur2, as its Java clients, so Debezium too, and librdkafka's <c>murmur2_random</c> choose (Austin Appleby's MurmurHash2,
/// seed 0x9747b28c; org.apache.kafka.common.utils.Utils.murmur2). Keys are never null here.
/// </summary>
public static class KeyPartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Mix = 0x5bd1e995;

    /// <param name="partitions">Of the topic, 1 or more.</param>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)((Hash(key) & 0x7fffffff) % (uint)partitions);

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        var rest = key;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(rest) * Mix;
            hash = hash * Mix ^ (word ^ word >> 24) * Mix;
        }
        if (rest.Length > 2) hash ^= (uint)rest[2] << 16;
        if (rest.Length > 1) hash ^= (uint)rest[1] << 8;
        if (rest.Length > 0) hash = (hash ^ rest[0]) * Mix;
        hash = (hash ^ hash >> 13) * Mix;
        return hash ^ hash >> 15;
    }
}
