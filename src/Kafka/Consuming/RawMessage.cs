using System.Buffers.Text;
using System.Text.Json;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>A message as it was read.</summary>
/// <param name="Key">Empty where it is null.</param>
/// <param name="Value">Empty where it is null.</param>
internal readonly record struct RawMessage(long Offset, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)
{
    public int Bytes => Key.Length + Value.Length;

    /// <summary>
    /// Where the change stands, without reading the envelope: what comes before <c>source</c> are rows, in whose texts quotes are escaped, and no column that is called <c>source</c> and has an object for a value
    /// can be in the key that may come behind it.
    /// </summary>
    /// <returns>False where it is none of our envelopes.</returns>
    public bool TryPlace(out ChangePlace place)
    {
        place = default;
        var value = Value.Span;
        var source = value.LastIndexOf(",\"source\":{"u8);
        if (source < 0) return false;
        var rest = value[source..];
        var at = rest.IndexOf(",\"commit_lsn\":"u8);
        if (at < 0) return false;
        rest = rest[at..];
        if (!Number(ref rest, ",\"commit_lsn\":"u8, out var commit) || !Number(ref rest, ",\"event_serial_no\":"u8, out var index)
            || !Number(ref rest, ",\"epoch\":"u8, out var epoch) || !Number(ref rest, ",\"change_no\":"u8, out var number)) return false;
        place = new ChangePlace(epoch, number, new Position(new Lsn(unchecked((ulong)commit)), (int)index), rest.StartsWith(EnvelopeWriter.ValuesMissing));
        return true;
    }

    /// <summary>The row's other key, as its messages have it: of a changed key.</summary>
    /// <param name="isNew">True where the message is the half at the old key.</param>
    /// <returns>Empty where the message is of no changed key.</returns>
    public ReadOnlySpan<byte> OtherKey(out bool isNew)
    {
        var value = Value.Span;
        var source = value.LastIndexOf(",\"source\":{"u8);
        isNew = false;
        if (source < 0) return [];
        var rest = value[source..];
        var at = rest.IndexOf(",\"old_key\":"u8);
        if (at < 0)
        {
            at = rest.IndexOf(",\"new_key\":"u8);
            isNew = at >= 0;
        }
        if (at < 0) return [];
        var key = rest[(at + ",\"new_key\":".Length)..];
        var reader = new Utf8JsonReader(key);
        reader.Read();
        reader.Skip();
        return key[..(int)reader.BytesConsumed];
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out long number)
    {
        number = 0;
        if (!rest.StartsWith(name) || !Utf8Parser.TryParse(rest[name.Length..], out number, out var digits)) return false;
        rest = rest[(name.Length + digits)..];
        return true;
    }
}

/// <summary>Where a change stands in its capture and in its source.</summary>
/// <param name="LacksValues">True of a row whose key changed and whose large values are at the old key only.</param>
internal readonly record struct ChangePlace(long Epoch, long Number, Position Position, bool LacksValues = false);
