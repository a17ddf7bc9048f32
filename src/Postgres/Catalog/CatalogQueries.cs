using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The catalog's SQL; all results are texts, lists of names are joined by U+0001, which no identifier in use holds.</summary>
internal static class CatalogQueries
{
    private const string ShapeOf = """
        c.oid::text || coalesce((SELECT string_agg(chr(1) || a.attnum || ':' || a.atttypid || ':' || a.atttypmod || ':' || a.attname, '' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '')
        """;

    /// <summary>The tables in scope as a condition on pg_class c and pg_namespace n.</summary>
    public static string Scope(IReadOnlyList<string> schemas) =>
        $"""
        c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
          AND n.nspname IN ({Sql.List(schemas)}) AND n.nspname NOT IN ('polysync', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
        """;

    public static string Scope(TableName table) => $"n.nspname = {Sql.Literal(table.Schema)} AND c.relname = {Sql.Literal(table.Name)}";

    public static string Tables(string scope) =>
        $"""
        SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text, c.relreplident::text,
               (SELECT sum(CASE WHEN l.reltuples >= 0 THEN l.reltuples ELSE pg_relation_size(l.oid) / 100 END)::bigint
                  FROM pg_class l WHERE l.relkind = 'r' AND (l.oid = c.oid OR l.oid IN (SELECT relid FROM pg_partition_tree(c.oid))))::text,
               (SELECT min(l.relname) FROM pg_partition_tree(c.oid) p JOIN pg_class l ON l.oid = p.relid
                 WHERE l.relkind = 'r' AND l.oid <> c.oid AND l.relreplident = 'n')::text
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE {scope}
        """;

    /// <summary>Schema, name and the text of <see cref="TableShape"/> of each of the tables that is there.</summary>
    public static string Shapes(IEnumerable<TableName> tables) =>
        $"""
        SELECT n.nspname::text, c.relname::text, {ShapeOf}
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND (n.nspname, c.relname) IN ({string.Join(", ", tables.Select(t => $"({Sql.Literal(t.Schema)}, {Sql.Literal(t.Name)})"))})
        """;

    /// <summary>The text of <see cref="TableShape"/> of the table at hand.</summary>
    public static string Shape(TableName table) =>
        $"(SELECT {ShapeOf} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {Scope(table)})";

    public static string Columns(string scope) =>
        $"""
        SELECT c.oid::text, a.attnum::text, a.attname::text, a.atttypid::text, a.atttypmod::text, format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attnotnull THEN 't' ELSE 'f' END, CASE WHEN a.attgenerated <> '' THEN 't' ELSE 'f' END,
               CASE WHEN l.oid = 100 THEN CASE WHEN d.datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') THEN 't' ELSE 'f' END
                    WHEN l.collcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') THEN 't' ELSE 'f' END,
               CASE WHEN a.attnotnull OR a.atthasdef OR a.atthasmissing OR a.attidentity <> '' OR t.typdefault IS NOT NULL THEN 't' ELSE 'f' END
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_type t ON t.oid = a.atttypid
          JOIN pg_database d ON d.datname = current_database()
          LEFT JOIN pg_collation l ON l.oid = a.attcollation
         WHERE {scope}
         ORDER BY c.oid, a.attnum
        """;

    public static string Keys(string scope) =>
        $"""
        SELECT c.oid::text, x.relname::text, CASE WHEN i.indisprimary THEN 't' ELSE 'f' END, CASE WHEN i.indisreplident THEN 't' ELSE 'f' END,
               (SELECT string_agg(a.attname, chr(1) ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, place)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.place <= i.indnkeyatts)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
          JOIN pg_class x ON x.oid = i.indexrelid
         WHERE {scope}
         ORDER BY c.oid, x.relname
        """;

    public static string ForeignKeys(string scope) =>
        $"""
        SELECT c.oid::text, f.conname::text,
               (SELECT string_agg(a.attname, chr(1) ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY k(attnum, place)
                  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
               rn.nspname::text, r.relname::text,
               (SELECT string_agg(a.attname, chr(1) ORDER BY k.place) FROM unnest(f.confkey) WITH ORDINALITY k(attnum, place)
                  JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum),
               CASE WHEN f.convalidated THEN 't' ELSE 'f' END
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND f.conparentid = 0
          JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
         WHERE {scope}
         ORDER BY c.oid, f.conname
        """;
}
