namespace PolyglotSync.Kafka.Capture;

/// <summary>
/// Arrays of exactly the length that is asked for, which is what Confluent.Kafka's producer takes; librdkafka copies what it is given, so they come back at once. Messages of a table are much
/// of a size: after a short while none is made any more. Not thread-safe.
/// </summary>
internal sealed class ExactArrays
{
    /// <summary>Longer arrays are not kept, and of each length only a few: some MB in all.</summary>
    private const int LongestKept = 4096;
    private const int KeptOfLength = 4;

    private readonly byte[]?[] _kept = new byte[(LongestKept + 1) * KeptOfLength][];

    public byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        var array = Take(bytes.Length);
        bytes.CopyTo(array);
        return array;
    }

    public void Return(byte[]? array)
    {
        if (array is null || array.Length is 0 or > LongestKept) return;
        var slots = _kept.AsSpan(array.Length * KeptOfLength, KeptOfLength);
        foreach (ref var slot in slots)
        {
            if (slot is not null) continue;
            slot = array;
            return;
        }
    }

    private byte[] Take(int length)
    {
        if (length <= LongestKept)
        {
            var slots = _kept.AsSpan(length * KeptOfLength, KeptOfLength);
            foreach (ref var slot in slots)
            {
                if (slot is not { } array) continue;
                slot = null;
                return array;
            }
        }
        return new byte[length];
    }
}
