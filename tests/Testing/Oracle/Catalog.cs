using Npgsql;

namespace PolyglotSync.Testing.Oracle;

/// <summary>A table as the oracle sees it.</summary>
/// <param name="Key">Columns of the primary key, in its order; empty where there is none.</param>
public sealed record OracleTable(string Schema, string Name, IReadOnlyList<OracleColumn> Columns, IReadOnlyList<string> Key, IReadOnlyList<OracleForeignKey> ForeignKeys)
{
    public string FullName => $"{Schema}.{Name}";

    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public string Sql => $"{Quote(Schema)}.{Quote(Name)}";
}

/// <param name="Type">Name of the base type in pg_type (domains resolved): int4, text, numeric, _int4 and so on.</param>
/// <param name="Class">pg_type.typtype of that type: b, e, c, r, m.</param>
/// <param name="Modifier">atttypmod (or the domain's), -1 for none.</param>
/// <param name="Element">For an array: its element's type name; else null.</param>
public sealed record OracleColumn(string Name, string Type, string Class, int Modifier, string? Element, string? ElementClass);

public sealed record OracleForeignKey(string Name, IReadOnlyList<string> Columns, string Parent, IReadOnlyList<string> ParentColumns);

/// <summary>Reads the catalog with plain queries: ordinary and partitioned tables (partitions are their root's), keys, foreign keys, generated columns left out.</summary>
public static class Catalog
{
    private const string Tables = """
        select n.nspname, c.relname,
               array(select a.attname::text from pg_constraint k cross join unnest(k.conkey) with ordinality u(num, ord)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num where k.conrelid = c.oid and k.contype = 'p' order by u.ord)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and n.nspname = any($1)
        order by 1, 2
        """;

    private const string Columns = """
        with recursive base(attrelid, attnum, type, modifier) as (
            select attrelid, attnum, atttypid, atttypmod from pg_attribute where attnum > 0 and not attisdropped and attgenerated = ''
            union all
            select b.attrelid, b.attnum, t.typbasetype, t.typtypmod from base b join pg_type t on t.oid = b.type where t.typtype = 'd')
        select n.nspname, c.relname, a.attname, t.typname, t.typtype::text, b.modifier, e.typname, e.typtype::text
        from base b join pg_attribute a using (attrelid, attnum) join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = b.type and t.typtype <> 'd' left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
        where c.relkind in ('r', 'p') and n.nspname = any($1)
        order by 1, 2, a.attnum
        """;

    private const string ForeignKeys = """
        select n.nspname, c.relname, k.conname, pn.nspname || '.' || p.relname,
               array(select a.attname::text from unnest(k.conkey) with ordinality u(num, ord) join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num order by ord),
               array(select a.attname::text from unnest(k.confkey) with ordinality u(num, ord) join pg_attribute a on a.attrelid = p.oid and a.attnum = u.num order by ord)
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
        where k.contype = 'f' and k.conparentid = 0 and n.nspname = any($1)
        order by 1, 2, 3
        """;

    public static async Task<IReadOnlyList<OracleTable>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<string> schemas)
    {
        var columns = (await QueryAsync(connection, Columns, schemas, r => (Table: $"{r.GetString(0)}.{r.GetString(1)}",
                Column: new OracleColumn(r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), Text(r, 6), Text(r, 7)))))
            .ToLookup(c => c.Table, c => c.Column);
        var foreignKeys = (await QueryAsync(connection, ForeignKeys, schemas, r => (Table: $"{r.GetString(0)}.{r.GetString(1)}",
                Key: new OracleForeignKey(r.GetString(2), r.GetFieldValue<string[]>(4), r.GetString(3), r.GetFieldValue<string[]>(5)))))
            .ToLookup(k => k.Table, k => k.Key);
        return await QueryAsync(connection, Tables, schemas, r =>
        {
            var name = $"{r.GetString(0)}.{r.GetString(1)}";
            return new OracleTable(r.GetString(0), r.GetString(1), [.. columns[name]], r.GetFieldValue<string[]>(2), [.. foreignKeys[name]]);
        });
    }

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql, IReadOnlyList<string> schemas, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = schemas.ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }
}
