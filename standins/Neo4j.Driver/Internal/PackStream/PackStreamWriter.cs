#nullable enable
using System.Buffers.Binary;
using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Neo4j.Driver.Internal.PackStream;

/// <summary>Writes values into the segments of a <see cref="ChunkedOutput"/>. No allocation for a value, whatever its size.</summary>
internal sealed partial class PackStreamWriter(ChunkedOutput output)
{
    /// <summary>Whether date-times go as instants (Bolt 5, or 4.4 with its patch) or as fields of the clock.</summary>
    public bool UtcDateTimes { get; set; } = true;

    /// <exception cref="ProtocolException">Cypher has no such type.</exception>
    public void Write(object? value)
    {
        switch (value)
        {
            case null: WriteByte(Marker.Null); break;
            case string text: WriteString(text); break;
            case long number: WriteInteger(number); break;
            case int number: WriteInteger(number); break;
            case bool flag: WriteByte(flag ? Marker.True : Marker.False); break;
            case double number: WriteFloat(number); break;
            case object?[] row: WriteList(row); break;
            case List<object?> list: WriteList(CollectionsMarshal.AsSpan(list)); break;
            case List<object?[]> rows: WriteRows(CollectionsMarshal.AsSpan(rows)); break;
            case Dictionary<string, object?> map: WriteMap(map); break;
            case byte[] bytes: WriteBytes(bytes); break;
            case short number: WriteInteger(number); break;
            case sbyte number: WriteInteger(number); break;
            case byte number: WriteInteger(number); break;
            case float number: WriteFloat(number); break;
            case decimal number: WriteFloat((double)number); break;
            case char letter: WriteString(letter.ToString()); break;
            case IList list: WriteUntypedList(list); break;
            case IDictionary map: WriteUntypedMap(map); break;
            case IEnumerable sequence: WriteSequence(sequence); break;
            default: WriteStructure(value); break;
        }
    }

    public void WriteInteger(long value)
    {
        var span = output.Reserve(9);
        if (value is >= -16 and <= 127)
        {
            span[0] = (byte)value;
            output.Advance(1);
        }
        else if (value is >= sbyte.MinValue and < -16)
        {
            span[0] = Marker.Int8;
            span[1] = (byte)value;
            output.Advance(2);
        }
        else if (value is >= short.MinValue and <= short.MaxValue)
        {
            span[0] = Marker.Int16;
            BinaryPrimitives.WriteInt16BigEndian(span[1..], (short)value);
            output.Advance(3);
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            span[0] = Marker.Int32;
            BinaryPrimitives.WriteInt32BigEndian(span[1..], (int)value);
            output.Advance(5);
        }
        else
        {
            span[0] = Marker.Int64;
            BinaryPrimitives.WriteInt64BigEndian(span[1..], value);
            output.Advance(9);
        }
    }

    public void WriteFloat(double value)
    {
        var span = output.Reserve(9);
        span[0] = Marker.Float64;
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
        output.Advance(9);
    }

    public void WriteString(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        WriteHeader(size, Marker.TinyString, Marker.String8);
        if (size <= output.Room)
        {
            output.Advance(Encoding.UTF8.GetBytes(value, output.Reserve(0)));
            return;
        }

        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            // Room for the longest scalar value, so that each round gets on.
            var span = output.Reserve(4);
            Utf8.FromUtf16(rest, span, out var read, out var written);
            output.Advance(written);
            rest = rest[read..];
        }
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteHeader(value.Length, tiny: 0, Marker.Bytes8);
        output.Write(value);
    }

    public void WriteStructHeader(byte tag, int fields)
    {
        var span = output.Reserve(2);
        span[0] = (byte)(Marker.TinyStruct | fields);
        span[1] = tag;
        output.Advance(2);
    }

    public void WriteMapHeader(int size) => WriteHeader(size, Marker.TinyMap, Marker.Map8);

    public void WriteMap(IDictionary<string, object?> map)
    {
        WriteMapHeader(map.Count);
        foreach (var (key, value) in map)
        {
            WriteString(key);
            Write(value);
        }
    }

    private void WriteList(ReadOnlySpan<object?> values)
    {
        WriteHeader(values.Length, Marker.TinyList, Marker.List8);
        foreach (var value in values) Write(value);
    }

    private void WriteRows(ReadOnlySpan<object?[]> rows)
    {
        WriteHeader(rows.Length, Marker.TinyList, Marker.List8);
        foreach (var row in rows)
        {
            if (row == null) WriteByte(Marker.Null);
            else WriteList((ReadOnlySpan<object?>)row);
        }
    }

    private void WriteUntypedList(IList list)
    {
        WriteHeader(list.Count, Marker.TinyList, Marker.List8);
        for (var i = 0; i < list.Count; i++) Write(list[i]);
    }

    private void WriteUntypedMap(IDictionary map)
    {
        WriteMapHeader(map.Count);
        foreach (DictionaryEntry entry in map)
        {
            Write(entry.Key);
            Write(entry.Value);
        }
    }

    private void WriteSequence(IEnumerable sequence)
    {
        var list = new List<object?>();
        foreach (var value in sequence) list.Add(value);
        WriteList(CollectionsMarshal.AsSpan(list));
    }

    private void WriteByte(byte value)
    {
        output.Reserve(1)[0] = value;
        output.Advance(1);
    }

    /// <summary>A size of up to 15 inside the marker (bytes have no such marker), else after it in 1, 2 or 4 bytes.</summary>
    private void WriteHeader(int size, byte tiny, byte sized)
    {
        var span = output.Reserve(5);
        if (size < 16 && tiny != 0)
        {
            span[0] = (byte)(tiny | size);
            output.Advance(1);
        }
        else if (size <= byte.MaxValue)
        {
            span[0] = sized;
            span[1] = (byte)size;
            output.Advance(2);
        }
        else if (size <= ushort.MaxValue)
        {
            span[0] = (byte)(sized + 1);
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)size);
            output.Advance(3);
        }
        else
        {
            span[0] = (byte)(sized + 2);
            BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
            output.Advance(5);
        }
    }
}
