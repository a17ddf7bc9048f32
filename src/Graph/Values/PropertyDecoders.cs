namespace PolyglotSync.Graph.Values;

/// <summary>The graph that values are written for; docs/mapping.md has the table of both.</summary>
internal enum GraphDialect : byte { Neo4j, Falkor }

/// <summary>Chooses the decoder of a column: the documented lossless one, or what the manifest asks for.</summary>
internal static class PropertyDecoders
{
    public static PropertyDecoder For(PgType type, PropertyEncoding encoding, GraphDialect dialect) => encoding switch
    {
        PropertyEncoding.Text => TextDecoder.Instance,
        PropertyEncoding.Float => new FloatDecoder(dialect == GraphDialect.Falkor),
        PropertyEncoding.Integer => new IntegerDecoder(),
        _ => Default(type, dialect),
    };

    /// <summary>For a property that nodes are found by.</summary>
    public static PropertyDecoder ForKey(PgType type, PropertyEncoding encoding, GraphDialect dialect)
    {
        var decoder = For(type, encoding, dialect);
        return Canonical(type.Kind, dialect == GraphDialect.Falkor ? new FalkorKeyDecoder(decoder) : decoder);
    }

    /// <summary>For a column of kind <paramref name="from"/> whose value must equal a key property that <paramref name="key"/> wrote.</summary>
    public static PropertyDecoder Canonical(PgKind from, PropertyDecoder key) =>
        from is PgKind.Numeric or PgKind.BlankPaddedText ? new CanonicalDecoder(from, key) : key;

    private static PropertyDecoder Default(PgType type, GraphDialect dialect) => type.Kind switch
    {
        PgKind.Bool => new BoolDecoder(),
        PgKind.Int2 or PgKind.Int4 or PgKind.Int8 or PgKind.Oid => new IntegerDecoder(),
        PgKind.Float4 or PgKind.Float8 => new FloatDecoder(dialect == GraphDialect.Falkor),
        PgKind.Numeric when type is { Precision: <= 18, Scale: 0 or null } => new IntegerDecoder(keepsSpecialsAsText: true),
        PgKind.Array when type.Element is { } element && IsListable(element.Kind) => new ArrayDecoder(Default(element, dialect)),
        PgKind.Bytea when dialect == GraphDialect.Neo4j => new BytesDecoder(),
        PgKind.Date when dialect == GraphDialect.Neo4j => new DateDecoder(),
        PgKind.Time when dialect == GraphDialect.Neo4j => new TimeDecoder(),
        PgKind.TimeTz when dialect == GraphDialect.Neo4j => new TimeTzDecoder(),
        PgKind.Timestamp when dialect == GraphDialect.Neo4j => new TimestampDecoder(),
        PgKind.TimestampTz when dialect == GraphDialect.Neo4j => new TimestampTzDecoder(),
        PgKind.Interval when dialect == GraphDialect.Neo4j => new IntervalDecoder(),
        _ => TextDecoder.Instance,
    };

    private static bool IsListable(PgKind kind) =>
        kind is not (PgKind.Array or PgKind.Bytea or PgKind.Json or PgKind.Other);
}
