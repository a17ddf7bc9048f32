namespace PolyglotSync.Contracts;

/// <summary>How the text form of a column is read. Domains count as their base type.</summary>
public enum PgKind : byte
{
    Bool, Int2, Int4, Int8, Oid, Float4, Float8, Numeric,
    /// <summary>text, varchar, char(n), name, enums and whatever has no better reading: kept as PostgreSQL prints it.</summary>
    Text,
    /// <summary>char(n): text whose trailing blanks carry no meaning.</summary>
    BlankPaddedText,
    Bytea, Uuid, Date, Time, TimeTz, Timestamp, TimestampTz, Interval, Json, Array,
    /// <summary>Composites, ranges, full-text, geometric and unknown types: kept as the text PostgreSQL prints.</summary>
    Other,
}

/// <summary>A column's type: the name PostgreSQL prints (<c>format_type</c>), how its text is read, an array's element, and for numeric its precision and scale.</summary>
/// <param name="Precision">Digits of numeric(p, s); null where unconstrained or not numeric.</param>
/// <param name="Scale">Digits after the point of numeric(p, s).</param>
public sealed record PgType(string Name, PgKind Kind, PgType? Element = null, int? Precision = null, int? Scale = null);
