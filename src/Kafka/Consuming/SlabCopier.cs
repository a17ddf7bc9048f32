using Confluent.Kafka;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>Copies keys and values out of librdkafka's memory, many into one array: an array for each would be most of what reading costs the collector. For one thread.</summary>
internal sealed class SlabCopier : IDeserializer<ReadOnlyMemory<byte>>
{
    /// <summary>Below the size from which on arrays are collected late.</summary>
    private const int SlabBytes = 64 * 1024;

    private const int LargestShared = SlabBytes / 8;

    private byte[] _slab = [];
    private int _used;

    public ReadOnlyMemory<byte> Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.IsEmpty) return default;
        if (data.Length > LargestShared) return data.ToArray();
        if (_used + data.Length > _slab.Length) (_slab, _used) = (GC.AllocateUninitializedArray<byte>(SlabBytes), 0);
        data.CopyTo(_slab.AsSpan(_used));
        var copy = _slab.AsMemory(_used, data.Length);
        _used += data.Length;
        return copy;
    }
}
