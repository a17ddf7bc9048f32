using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;

namespace PolyglotSync.Graph.Writing;

/// <summary>The rows of one statement, being filled.</summary>
internal abstract class ParameterRows
{
    /// <summary>Rows ended so far.</summary>
    public int Count { get; protected set; }

    /// <summary>Of the values of images added so far, as PostgreSQL printed them.</summary>
    public int Bytes { get; private set; }

    public abstract void Begin(int width);

    /// <summary>Empties them.</summary>
    protected void Clear() => (Count, Bytes) = (0, 0);

    /// <returns>False where the text is not a value of the field's type; the row must then be discarded.</returns>
    public abstract bool Add(PropertyDecoder decoder, ReadOnlySpan<byte> text);

    public abstract void AddNull();

    public abstract void AddNumber(int number);

    /// <summary>A value that the graph gave back.</summary>
    public void AddCarried(object? value)
    {
        if (value is string text) Bytes += text.Length;
        AddRead(value);
    }

    protected abstract void AddRead(object? value);

    public abstract void End();

    public abstract void Discard();

    /// <summary>Adds a column of an image: NULL, or its value.</summary>
    public bool Add(Field field, RowImage image)
    {
        if (image.HasValue(field.Ordinal))
        {
            var text = image[field.Ordinal];
            Bytes += text.Length;
            return Add(field.Decoder, text);
        }
        AddNull();
        return true;
    }
}

/// <summary>Rows as objects for the driver.</summary>
internal sealed class DriverRows(int capacity) : ParameterRows
{
    private object?[] _row = [];
    private int _at;

    public List<object> Rows { get; } = new(capacity);

    public override void Begin(int width)
    {
        _row = new object?[width];
        _at = 0;
    }

    public override bool Add(PropertyDecoder decoder, ReadOnlySpan<byte> text)
    {
        var value = decoder.Decode(text);
        _row[_at++] = value;
        return value is not null;
    }

    public override void AddNull() => _at++;

    public override void AddNumber(int number) => _row[_at++] = (long)number;

    protected override void AddRead(object? value) => _row[_at++] = value;

    public override void End()
    {
        Rows.Add(_row);
        Count++;
    }

    public override void Discard() => _at = 0;
}

/// <summary>Rows as one Cypher list literal, written into the query's own buffer.</summary>
internal sealed class LiteralRows(LiteralBuffer literal) : ParameterRows
{
    private int _start;
    private bool _first;

    /// <summary>Begins anew where the buffer ends.</summary>
    public LiteralRows Restart()
    {
        Clear();
        return this;
    }

    public override void Begin(int width)
    {
        _start = literal.Length;
        literal.Raw(Count == 0 ? "["u8 : ",["u8);
        _first = true;
    }

    public override bool Add(PropertyDecoder decoder, ReadOnlySpan<byte> text)
    {
        Separate();
        return decoder.Write(text, literal);
    }

    public override void AddNull()
    {
        Separate();
        literal.Null();
    }

    public override void AddNumber(int number)
    {
        Separate();
        literal.Integer(number);
    }

    protected override void AddRead(object? value)
    {
        Separate();
        literal.Value(value);
    }

    public override void End()
    {
        literal.Raw("]"u8);
        Count++;
    }

    public override void Discard() => literal.CutTo(_start);

    private void Separate()
    {
        if (!_first) literal.Raw(","u8);
        _first = false;
    }
}
