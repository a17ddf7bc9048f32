using System.Globalization;
using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>How a column's value stands in an envelope.</summary>
internal enum ValueForm : byte
{
    Bool, Integer, Float, Decimal, Money, Text, Bytea, Bit, Bits, Date, Time, TimeTz, Timestamp, TimestampTz, Interval, Hstore, Point, Array,
}

/// <summary>One column as envelopes hold it: worked out once for each relation.</summary>
internal sealed class ColumnCodec
{
    private const int DefaultPrecision = 6;

    private ColumnCodec(string name, PgType type, int precision)
    {
        Name = Encoding.UTF8.GetBytes(name);
        Type = type;
        Form = Of(type);
        Precision = precision;
        if (Form == ValueForm.Array) Element = new ColumnCodec(name, type.Element ?? new PgType("text", PgKind.Text), precision);
        if (Form == ValueForm.Bits) Length = Modifier(type.Name) ?? 0;
        var label = new ByteBuffer(64);
        label.String(Name);
        label.Byte((byte)':');
        Label = label.Written.ToArray();
        Unavailable = Placeholder.Debezium.For(this);
    }

    public static ColumnCodec Of(RelationColumn column) => new(column.Name, column.Type, Modifier(column.Type.Name) ?? DefaultPrecision);

    public byte[] Name { get; }

    /// <summary>The name as JSON, with the colon after it.</summary>
    public byte[] Label { get; }

    public PgType Type { get; }

    public ValueForm Form { get; }

    /// <summary>Digits after the second of a time type, 0 to 6; an array's elements have those of the array's modifier.</summary>
    public int Precision { get; }

    /// <summary>True where Debezium's mode <c>adaptive</c> counts the column's times and timestamps in milliseconds, false: in microseconds.</summary>
    public bool CountsMillis => Precision <= 3;

    /// <summary>Digits of bit(n).</summary>
    public int Length { get; }

    /// <summary>True for bit varying, which Debezium sends without its length.</summary>
    public bool IsVarBit => Form == ValueForm.Text && Type.Name.StartsWith("bit varying", StringComparison.Ordinal);

    public ColumnCodec? Element { get; }

    /// <summary>What parts the elements of an array of this element: a semicolon for box, else a comma.</summary>
    public byte Delimiter => Type.Name == "box" ? (byte)';' : (byte)',';

    /// <summary>What stands, as JSON, for a value that was not sent; null where Debezium has nothing for the type: then the column is left out.</summary>
    public byte[]? Unavailable { get; }

    private static ValueForm Of(PgType type) => type.Kind switch
    {
        PgKind.Bool => ValueForm.Bool,
        PgKind.Int2 or PgKind.Int4 or PgKind.Int8 or PgKind.Oid => ValueForm.Integer,
        PgKind.Float4 or PgKind.Float8 => ValueForm.Float,
        PgKind.Numeric => ValueForm.Decimal,
        PgKind.Text or PgKind.BlankPaddedText or PgKind.Uuid or PgKind.Json => ValueForm.Text,
        PgKind.Bytea => ValueForm.Bytea,
        PgKind.Date => ValueForm.Date,
        PgKind.Time => ValueForm.Time,
        PgKind.TimeTz => ValueForm.TimeTz,
        PgKind.Timestamp => ValueForm.Timestamp,
        PgKind.TimestampTz => ValueForm.TimestampTz,
        PgKind.Interval => ValueForm.Interval,
        PgKind.Array => ValueForm.Array,
        PgKind.Other => OfName(type.Name),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "a kind of type without an encoding"),
    };

    private static ValueForm OfName(string name) => name switch
    {
        "money" => ValueForm.Money,
        "point" => ValueForm.Point,
        "bit(1)" => ValueForm.Bit,
        _ when name.StartsWith("bit(", StringComparison.Ordinal) => ValueForm.Bits,
        _ when name == "hstore" || name.EndsWith(".hstore", StringComparison.Ordinal) => ValueForm.Hstore,
        _ => ValueForm.Text,
    };

    /// <summary>The number in the parentheses of a type's name: <c>timestamp(3) without time zone</c>, <c>bit(12)</c>.</summary>
    private static int? Modifier(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var close = open < 0 ? -1 : name.IndexOf(')', open);
        return close > open && int.TryParse(name.AsSpan(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
