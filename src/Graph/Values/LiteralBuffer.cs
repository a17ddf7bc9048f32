using System.Buffers;
using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Text;

namespace PolyglotSync.Graph.Values;

/// <summary>A growing buffer of Cypher literals in UTF-8, from the pool until it is disposed of.</summary>
internal sealed class LiteralBuffer : IDisposable
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\'\n\r\t\b\f"u8);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void CutTo(int length) => Length = length;

    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Raw(string text) => Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(24), out var written);
        Length += written;
    }

    public void Float(double value)
    {
        var text = Room(32);
        value.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
        Length += written;
        if (text[..written].IndexOfAny((byte)'.', (byte)'E') < 0) Raw(".0"u8);
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Null() => Raw("null"u8);

    /// <summary>A quoted string of the UTF-8 text.</summary>
    public void String(ReadOnlySpan<byte> text)
    {
        Raw("'"u8);
        while (text.IndexOfAny(Escaped) is var at && at >= 0)
        {
            Raw(text[..at]);
            Raw(text[at] switch
            {
                (byte)'\\' => "\\\\"u8,
                (byte)'\'' => "\\'"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                (byte)'\b' => "\\b"u8,
                _ => "\\f"u8,
            });
            text = text[(at + 1)..];
        }
        Raw(text);
        Raw("'"u8);
    }

    /// <summary>A value that the graph itself gave back.</summary>
    public void Value(object? value)
    {
        switch (value)
        {
            case null: Null(); break;
            case bool b: Boolean(b); break;
            case long l: Integer(l); break;
            case double d: Float(d); break;
            case string s: String(Encoding.UTF8.GetBytes(s)); break;
            case IEnumerable items:
                Raw("["u8);
                var first = true;
                foreach (var item in items)
                {
                    if (!first) Raw(","u8);
                    first = false;
                    Value(item);
                }
                Raw("]"u8);
                break;
            default: throw new NotSupportedException($"a {value.GetType().Name} has no Cypher literal");
        }
    }

    public void Dispose()
    {
        var bytes = _bytes;
        (_bytes, Length) = ([], 0);
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }

    private Span<byte> Room(int more)
    {
        if (Length + more > _bytes.Length) Grow(more);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
