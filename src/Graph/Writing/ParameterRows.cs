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

    /// <returns>False where the text is not a value of the field's type; the row must then be discarded.</returns>
    public abstract bool Add(PropertyDecoder decoder, ReadOnlySpan<byte> text);

    public abstract void AddNull();

    public abstract void AddNumber(int number);

    /// <summary>A value that the graph gave back.</summary>
    public abstract void AddCarried(object? value);

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
internal sealed class DriverRows : ParameterRows
{
    private object?[] _row = [];
    private int _at;

    public List<object> Rows { get; } = [];

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

    public override void AddCarried(object? value) => _row[_at++] = value;

    public override void End()
    {
        Rows.Add(_row);
        Count++;
    }

    public override void Discard() => _at = 0;
}

/// <summary>Rows as one Cypher list literal.</summary>
internal sealed class LiteralRows : ParameterRows
{
    private int _start;
    private bool _first;

    public LiteralBuffer Literal { get; } = new();

    public override void Begin(int width)
    {
        _start = Literal.Length;
        Literal.Raw(Count == 0 ? "["u8 : ",["u8);
        _first = true;
    }

    public override bool Add(PropertyDecoder decoder, ReadOnlySpan<byte> text)
    {
        Separate();
        return decoder.Write(text, Literal);
    }

    public override void AddNull()
    {
        Separate();
        Literal.Null();
    }

    public override void AddNumber(int number)
    {
        Separate();
        Literal.Integer(number);
    }

    public override void AddCarried(object? value)
    {
        Separate();
        Literal.Value(value);
    }

    public override void End()
    {
        Literal.Raw("]"u8);
        Count++;
    }

    public override void Discard() => Literal.CutTo(_start);

    private void Separate()
    {
        if (!_first) Literal.Raw(","u8);
        _first = false;
    }
}
