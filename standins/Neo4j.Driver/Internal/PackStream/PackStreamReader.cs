#nullable enable
using System.Buffers.Binary;
using System.Text;

namespace Neo4j.Driver.Internal.PackStream;

/// <summary>Reads the values of one whole message.</summary>
internal ref partial struct PackStreamReader(ReadOnlySpan<byte> message)
{
    private static readonly object True = true;
    private static readonly object False = false;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The tag of a message's structure, with the number of its fields.</summary>
    public (byte Tag, int Fields) ReadStructHeader()
    {
        var marker = ReadByte();
        if ((marker & 0xF0) != Marker.TinyStruct) throw Unexpected(marker, "a structure");
        return (ReadByte(), marker & 0x0F);
    }

    public Dictionary<string, object?> ReadMap() =>
        Read() as Dictionary<string, object?> ?? throw new ProtocolException("The server sent something else where a map is due.");

    /// <summary>The values of a record, in an array of their own.</summary>
    public object?[] ReadRow()
    {
        var values = new object?[ReadListSize()];
        for (var i = 0; i < values.Length; i++) values[i] = Read();
        return values;
    }

    public object? Read()
    {
        var marker = ReadByte();
        if (marker < 0x80) return (long)marker;
        if (marker >= 0xF0) return (long)(sbyte)marker;
        switch (marker & 0xF0)
        {
            case Marker.TinyString: return ReadString(marker & 0x0F);
            case Marker.TinyList: return ReadList(marker & 0x0F);
            case Marker.TinyMap: return ReadMap(marker & 0x0F);
            case Marker.TinyStruct: return ReadStructure(ReadByte(), marker & 0x0F);
        }

        return marker switch
        {
            Marker.Null => null,
            Marker.True => True,
            Marker.False => False,
            Marker.Float64 => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            Marker.Int8 => (long)(sbyte)ReadByte(),
            Marker.Int16 => (long)BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            Marker.Int32 => (long)BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            Marker.Int64 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            Marker.Bytes8 or Marker.Bytes16 or Marker.Bytes32 => Take(ReadSize(marker - Marker.Bytes8)).ToArray(),
            Marker.String8 or Marker.String16 or Marker.String32 => ReadString(ReadSize(marker - Marker.String8)),
            Marker.List8 or Marker.List16 or Marker.List32 => ReadList(ReadSize(marker - Marker.List8)),
            Marker.Map8 or Marker.Map16 or Marker.Map32 => ReadMap(ReadSize(marker - Marker.Map8)),
            _ => throw Unexpected(marker, "a value"),
        };
    }

    public long ReadInteger() => Read() is long value ? value : throw new ProtocolException("The server sent something else where an integer is due.");

    private static ProtocolException Unexpected(byte marker, string wanted) => new($"The server sent 0x{marker:X2} where {wanted} is due.");

    private int ReadListSize()
    {
        var marker = ReadByte();
        if ((marker & 0xF0) == Marker.TinyList) return marker & 0x0F;
        return marker is Marker.List8 or Marker.List16 or Marker.List32 ? ReadSize(marker - Marker.List8) : throw Unexpected(marker, "a list");
    }

    private int ReadSize(int width)
    {
        var size = width switch
        {
            0 => ReadByte(),
            1 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            _ => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        };

        // Each element takes a byte at least: a size beyond the message is nonsense, not a reason to allocate.
        return size >= 0 && size <= _rest.Length ? size : throw new ProtocolException($"The server announced {(uint)size} elements in a message of {_rest.Length} bytes.");
    }

    private string ReadString(int size) => size == 0 ? string.Empty : Encoding.UTF8.GetString(Take(size));

    private List<object?> ReadList(int size)
    {
        var list = new List<object?>(size);
        for (var i = 0; i < size; i++) list.Add(Read());
        return list;
    }

    private Dictionary<string, object?> ReadMap(int size)
    {
        var map = new Dictionary<string, object?>(size);
        for (var i = 0; i < size; i++)
        {
            var key = Read() as string ?? throw new ProtocolException("The server sent a map whose key is no string.");
            map[key] = Read();
        }

        return map;
    }

    private byte ReadByte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _rest.Length) throw new ProtocolException($"The server's message ends {size - _rest.Length} bytes too early.");
        var taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }
}
