using System.Buffers.Binary;
using System.Text;

namespace PolyglotSync.Postgres;

/// <summary>Reads pgoutput's big-endian fields from one message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    public readonly bool AtEnd => _at >= _message.Length;

    public byte Byte() => _message[_at++];

    public short Int16()
    {
        var value = BinaryPrimitives.ReadInt16BigEndian(_message[_at..]);
        _at += sizeof(short);
        return value;
    }

    public int Int32()
    {
        var value = BinaryPrimitives.ReadInt32BigEndian(_message[_at..]);
        _at += sizeof(int);
        return value;
    }

    public uint UInt32() => (uint)Int32();

    public ulong UInt64()
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(_message[_at..]);
        _at += sizeof(ulong);
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        var bytes = _message.Slice(_at, length);
        _at += length;
        return bytes;
    }

    /// <summary>Up to the next zero byte, which is passed over.</summary>
    public ReadOnlySpan<byte> ZeroEnded()
    {
        var length = _message[_at..].IndexOf((byte)0);
        if (length < 0) throw new InvalidDataException("a pgoutput message ends inside a string");
        var bytes = _message.Slice(_at, length);
        _at += length + 1;
        return bytes;
    }

    public string String() => Encoding.UTF8.GetString(ZeroEnded());
}
