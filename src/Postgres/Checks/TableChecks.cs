using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What capture needs of each table of the mapping; every mistake at once.</summary>
internal sealed class TableChecks(SideConnection source)
{
    public async Task CheckAsync(GraphMapping mapping, IReadOnlyList<CatalogTable> catalog, CancellationToken cancellationToken)
    {
        var byName = catalog.ToDictionary(t => t.Schema.Name);
        var mistakes = new List<string>();
        var missing = mapping.Tables.Where(t => !byName.ContainsKey(t.Table)).ToList();
        mistakes.AddRange(missing.Select(t => $"table {t.Table} does not exist (or is a view, a foreign, unlogged or temporary table, or a partition)"));
        var present = mapping.Tables.Where(t => byName.ContainsKey(t.Table)).ToList();
        mistakes.AddRange(present.SelectMany(t => Identity(t, byName[t.Table])));
        mistakes.AddRange(await RightsAsync(present, cancellationToken));
        if (mistakes.Count > 0) throw SourceFailure.Unfit([.. mistakes.Select(m => $"source {source.Where}: {m}")]);
    }

    private static IEnumerable<string> Identity(TableMapping map, CatalogTable table)
    {
        var schema = table.Schema;
        var lost = map.Key.Where(k => !schema.IdentityColumns.Contains(k)).ToList();
        var advice = schema.PrimaryKey.Count > 0 && map.Key.All(schema.PrimaryKey.Contains)
            ? $"run ALTER TABLE {schema.Name.Quoted} REPLICA IDENTITY DEFAULT;"
            : schema.UniqueKeys.FirstOrDefault(u => map.Key.All(u.Columns.Contains)) is { } unique
                ? $"run ALTER TABLE {schema.Name.Quoted} REPLICA IDENTITY USING INDEX {TableName.Quote(unique.Name)}; (its columns NOT NULL) or REPLICA IDENTITY FULL;"
                : $"run ALTER TABLE {schema.Name.Quoted} REPLICA IDENTITY FULL;";
        if (map.Key.FirstOrDefault(k => schema.Column(k) is null) is { } unknown)
            yield return $"table {schema.Name} has no column '{unknown}', which the mapping uses as key";
        else if (schema.ReplicaIdentity == ReplicaIdentity.Nothing || (schema.ReplicaIdentity == ReplicaIdentity.Default && schema.PrimaryKey.Count == 0))
            yield return $"table {schema.Name} has no replica identity, so updates and deletes cannot be captured: {advice}";
        else if (lost.Count > 0)
        {
            yield return $"table {schema.Name}: its replica identity ({string.Join(", ", schema.IdentityColumns)}) lacks '{string.Join("', '", lost)}' "
                + $"of the key, so a deleted row cannot be told: {advice}";
        }
        if (table.UnfitPartition is { } partition)
            yield return $"table {schema.Name}: its partition {partition} has REPLICA IDENTITY NOTHING: set it to DEFAULT or FULL";
    }

    private async Task<IEnumerable<string>> RightsAsync(IReadOnlyList<TableMapping> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return [];
        var list = string.Join(", ", tables.Select(t => $"({Sql.Literal(t.Table.ToString())}, {Sql.Literal(t.Table.Schema)}, {Sql.Literal(t.Table.Name)})"));
        // by names, not to_regclass: that fails where the schema may not be used
        var rows = await source.QueryAsync($"""
            SELECT t.name, current_user::text FROM (VALUES {list}) t(name, schema, relation)
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.relation
             WHERE NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
            """, [], cancellationToken);
        return rows.Select(r =>
        {
            var table = tables.First(t => t.Table.ToString() == r[0]).Table;
            var role = TableName.Quote(r[1]!);
            return $"role '{r[1]}' may not read table {table}: run GRANT USAGE ON SCHEMA {TableName.Quote(table.Schema)} TO {role}; "
                + $"GRANT SELECT ON {table.Quoted} TO {role};";
        });
    }
}
