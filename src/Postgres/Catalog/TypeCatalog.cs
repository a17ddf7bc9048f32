using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>pg_type, as far as reading texts needs it: domains are followed to their base, arrays to their element.</summary>
internal sealed class TypeCatalog
{
    private const int MaxDepth = 32;

    private static readonly Dictionary<uint, PgKind> BuiltIn = new()
    {
        [16] = PgKind.Bool, [21] = PgKind.Int2, [23] = PgKind.Int4, [20] = PgKind.Int8, [26] = PgKind.Oid, [700] = PgKind.Float4, [701] = PgKind.Float8,
        [1700] = PgKind.Numeric, [25] = PgKind.Text, [1043] = PgKind.Text, [19] = PgKind.Text, [18] = PgKind.Text, [1042] = PgKind.BlankPaddedText,
        [17] = PgKind.Bytea, [2950] = PgKind.Uuid, [1082] = PgKind.Date, [1083] = PgKind.Time, [1266] = PgKind.TimeTz, [1114] = PgKind.Timestamp,
        [1184] = PgKind.TimestampTz, [1186] = PgKind.Interval, [114] = PgKind.Json, [3802] = PgKind.Json,
    };

    private readonly Dictionary<uint, Entry> _types;

    private TypeCatalog(Dictionary<uint, Entry> types) => _types = types;

    public static async Task<TypeCatalog> LoadAsync(SideConnection source, CancellationToken cancellationToken)
    {
        var rows = await source.QueryAsync("""
            SELECT oid::text, typtype::text, typcategory::text, typbasetype::text, typtypmod::text, typelem::text, format_type(oid, NULL) FROM pg_type
            """, [], cancellationToken);
        return new TypeCatalog(rows.ToDictionary(r => Sql.Oid(r[0]),
            r => new Entry(r[1]![0], r[2]![0], Sql.Oid(r[3]), Sql.Int(r[4]), Sql.Oid(r[5]), r[6]!)));
    }

    public bool Knows(uint type) => _types.ContainsKey(type);

    /// <param name="name">As <c>format_type</c> prints it; null: without the modifier.</param>
    public PgType Resolve(uint type, int modifier, string? name = null) => Resolve(type, modifier, name, 0);

    /// <summary>True where the type's order under a C collation is the order of its bytes: text, varchar, name, and domains over them.</summary>
    public bool IsPlainText(uint type)
    {
        for (var depth = 0; depth < MaxDepth && _types.TryGetValue(type, out var entry) && entry.Type == 'd'; depth++) type = entry.Base;
        return type is 25 or 1043 or 19;
    }

    private PgType Resolve(uint type, int modifier, string? name, int depth)
    {
        var known = _types.TryGetValue(type, out var entry);
        name ??= known ? entry.Name : "???";
        if (known && entry.Type == 'd' && depth < MaxDepth)
        {
            var based = Resolve(entry.Base, entry.Modifier, null, depth + 1);
            return based with { Name = name };
        }
        if (BuiltIn.TryGetValue(type, out var kind))
        {
            return kind == PgKind.Numeric && modifier >= 4
                ? new PgType(name, kind, null, ((modifier - 4) >> 16) & 0xFFFF, (((modifier - 4) & 0x7FF) ^ 1024) - 1024)
                : new PgType(name, kind);
        }
        if (!known) return new PgType(name, PgKind.Other);
        if (entry.Category == 'A' && entry.Element != 0 && depth < MaxDepth)
            return new PgType(name, PgKind.Array, Resolve(entry.Element, modifier, null, depth + 1));
        // Enums, citext and other string-like types print as they are; the rest is kept as printed too, but not called text.
        return new PgType(name, entry.Type == 'e' || entry.Category == 'S' ? PgKind.Text : PgKind.Other);
    }

    private readonly record struct Entry(char Type, char Category, uint Base, int Modifier, uint Element, string Name);
}
