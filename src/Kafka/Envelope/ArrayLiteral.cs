using System.Text;

namespace PolyglotSync.Kafka.Envelope;

internal enum ArrayToken : byte { Open, Close, Delimiter, Null, Value }

/// <summary>Walks over PostgreSQL's array literal: <c>{{1,NULL},{"a \"b\"",c}}</c>, without explicit bounds.</summary>
internal ref struct ArrayLiteral
{
    private readonly byte _delimiter;
    private ReadOnlySpan<byte> _rest;
    private int _depth;

    public ArrayLiteral(ReadOnlySpan<byte> text, byte delimiter)
    {
        _delimiter = delimiter;
        _rest = text is [(byte)'{', ..] ? text : default;
    }

    /// <summary>True once the literal was read to its end, false where it is malformed or has bounds.</summary>
    public bool IsWhole { get; private set; }

    /// <param name="value">Filled with the element's text at <see cref="ArrayToken.Value"/>.</param>
    public bool TryNext(ByteBuffer value, out ArrayToken token)
    {
        token = default;
        if (_rest.IsEmpty || IsWhole) return false;
        var first = _rest[0];
        if (first == '{')
        {
            _depth++;
            token = ArrayToken.Open;
            _rest = _rest[1..];
        }
        else if (first == '}')
        {
            token = ArrayToken.Close;
            _rest = _rest[1..];
            IsWhole = --_depth == 0 && _rest.IsEmpty;
            if (_depth == 0 && !IsWhole) return false;
        }
        else if (first == _delimiter)
        {
            token = ArrayToken.Delimiter;
            _rest = _rest[1..];
        }
        else
        {
            value.Clear();
            token = first == '"' ? Quoted(value) : Plain(value);
        }
        return true;
    }

    private ArrayToken Plain(ByteBuffer value)
    {
        var end = _rest.IndexOfAny(_delimiter, (byte)'}');
        if (end < 0) end = _rest.Length;
        var text = _rest[..end];
        _rest = _rest[end..];
        if (text.SequenceEqual("NULL"u8)) return ArrayToken.Null;
        value.Raw(text);
        return ArrayToken.Value;
    }

    private ArrayToken Quoted(ByteBuffer value)
    {
        _rest = _rest[1..];
        while (true)
        {
            var end = _rest.IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0)
            {
                _rest = default;
                return ArrayToken.Value;
            }
            value.Raw(_rest[..end]);
            var quote = _rest[end] == '"';
            _rest = _rest[(end + 1)..];
            if (quote) return ArrayToken.Value;
            if (_rest.IsEmpty) return ArrayToken.Value;
            value.Byte(_rest[0]);
            _rest = _rest[1..];
        }
    }

    /// <summary>An element as PostgreSQL's array_out prints it: quoted where it could be taken for anything else.</summary>
    public static void WriteElement(ReadOnlySpan<byte> text, byte delimiter, ByteBuffer output)
    {
        if (!NeedsQuotes(text, delimiter))
        {
            output.Raw(text);
            return;
        }
        output.Byte((byte)'"');
        foreach (var b in text)
        {
            if (b is (byte)'"' or (byte)'\\') output.Byte((byte)'\\');
            output.Byte(b);
        }
        output.Byte((byte)'"');
    }

    private static bool NeedsQuotes(ReadOnlySpan<byte> text, byte delimiter) =>
        text.IsEmpty || text.ContainsAny("{}\"\\ \t\n\r\v\f"u8) || text.Contains(delimiter) || Ascii.EqualsIgnoreCase(text, "NULL"u8);
}
