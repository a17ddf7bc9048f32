using System.Buffers;
using System.Buffers.Text;
using Base64Codec = System.Buffers.Text.Base64;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>A growing array of bytes to write JSON, or the text of a value, into. Reused from row to row; not thread-safe.</summary>
internal sealed class ByteBuffer
{
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] _bytes;

    public ByteBuffer(int capacity = 1024) => _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory(int start, int length) => _bytes.AsMemory(start, length);

    public void Clear() => Length = 0;

    public void CutTo(int length) => Length = length;

    /// <summary>At least so many bytes to write to; <see cref="Advance"/> says how many were.</summary>
    public Span<byte> Free(int atLeast)
    {
        if (Length + atLeast > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + atLeast));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Byte(byte value)
    {
        Free(1)[0] = value;
        Length++;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Free(20), out var written);
        Length += written;
    }

    /// <summary>A JSON string of UTF-8 text.</summary>
    public void String(ReadOnlySpan<byte> text)
    {
        Byte((byte)'"');
        Inside(text);
        Byte((byte)'"');
    }

    /// <summary>Text as it stands between a JSON string's quotes.</summary>
    public void Inside(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var next = text.IndexOfAny(Escaped);
            if (next < 0)
            {
                Raw(text);
                return;
            }
            Raw(text[..next]);
            Escape(text[next]);
            text = text[(next + 1)..];
        }
    }

    /// <summary>A JSON string of bytes in base64.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Byte((byte)'"');
        Base64Codec.EncodeToUtf8(bytes, Free(Base64Codec.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        Length += written;
        Byte((byte)'"');
    }

    private void Escape(byte value)
    {
        switch (value)
        {
            case (byte)'"': Raw("\\\""u8); break;
            case (byte)'\\': Raw("\\\\"u8); break;
            case (byte)'\n': Raw("\\n"u8); break;
            case (byte)'\r': Raw("\\r"u8); break;
            case (byte)'\t': Raw("\\t"u8); break;
            case (byte)'\b': Raw("\\b"u8); break;
            case (byte)'\f': Raw("\\f"u8); break;
            default:
                Raw("\\u00"u8);
                Byte(Hex.Digit(value >> 4));
                Byte(Hex.Digit(value & 15));
                break;
        }
    }
}
