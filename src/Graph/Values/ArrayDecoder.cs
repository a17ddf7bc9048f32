using System.Buffers;
using Neo4j.Driver;

namespace PolyglotSync.Graph.Values;

/// <summary>
/// Arrays of one dimension without NULLs and with the usual bounds become lists; every other array stays the text that PostgreSQL prints. So does one whose
/// elements would not all be of one type (a date that is infinity): Neo4j stores only lists of one type.
/// </summary>
internal sealed class ArrayDecoder(PropertyDecoder element) : PropertyDecoder
{
    public override object? Decode(ReadOnlySpan<byte> text)
    {
        var items = new List<object>();
        var reader = new ElementReader(text);
        while (reader.TryNext(out var item))
        {
            if (element.Decode(item) is not { } value) return null;
            if (items.Count > 0 && TypeOf(items[0]) != TypeOf(value)) return TextDecoder.Instance.Decode(text);
            items.Add(value);
        }
        return reader.IsList ? items : TextDecoder.Instance.Decode(text);
    }

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal)
    {
        var start = literal.Length;
        var reader = new ElementReader(text);
        literal.Raw("["u8);
        var first = true;
        while (reader.TryNext(out var item))
        {
            if (!first) literal.Raw(","u8);
            first = false;
            if (!element.Write(item, literal)) return false;
        }
        literal.Raw("]"u8);
        if (reader.IsList) return true;
        literal.CutTo(start);
        literal.String(text);
        return true;
    }

    /// <summary>Instants come as one of two types, and are one type to Neo4j.</summary>
    private static Type TypeOf(object value) => value is DateTimeOffset ? typeof(ZonedDateTime) : value.GetType();

    /// <summary>Walks over <c>{a,"b c",d}</c>. Stops early, <see cref="IsList"/> false, at a NULL, a nested array or explicit bounds.</summary>
    private ref struct ElementReader
    {
        private ReadOnlySpan<byte> _rest;

        public ElementReader(ReadOnlySpan<byte> text)
        {
            IsList = text.Length >= 2 && text[0] == '{' && text[^1] == '}';
            _rest = IsList ? text[1..^1] : default;
        }

        public bool IsList { get; private set; }

        public bool TryNext(out ReadOnlySpan<byte> item)
        {
            item = default;
            if (!IsList || _rest.IsEmpty) return false;
            if (_rest[0] == '{') return Stop();
            if (_rest[0] == '"') return Quoted(out item);
            var comma = _rest.IndexOf((byte)',');
            item = comma < 0 ? _rest : _rest[..comma];
            if (item.SequenceEqual("NULL"u8)) return Stop();
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            return true;
        }

        private bool Stop()
        {
            IsList = false;
            return false;
        }

        private bool Quoted(out ReadOnlySpan<byte> item)
        {
            var buffer = new ArrayBufferWriter<byte>();
            var at = 1;
            while (at < _rest.Length && _rest[at] != '"')
            {
                if (_rest[at] == '\\') at++;
                buffer.GetSpan(1)[0] = _rest[at++];
                buffer.Advance(1);
            }
            item = buffer.WrittenSpan;
            at++;
            _rest = at < _rest.Length ? _rest[(at + 1)..] : default;
            return true;
        }
    }
}
