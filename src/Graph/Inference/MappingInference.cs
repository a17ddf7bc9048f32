namespace PolyglotSync.Graph.Inference;

/// <summary>
/// What each table becomes, from the catalog's keys alone, and then what the manifest says otherwise. The rules stand in docs/manifest.md: a table with a key is a node, a foreign
/// key is a relationship from child to parent, a table whose key is two foreign keys and to which none refers is a relationship.
/// </summary>
public static class MappingInference
{
    /// <returns>The mapping, tables in name order, and what is left out or differs from the expected.</returns>
    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.InvalidManifest"/>: every mistake of the manifest's mapping part at once.</exception>
    public static (GraphMapping Mapping, IReadOnlyList<PlanWarning> Warnings) Infer(DatabaseSchema schema, MappingSettings settings)
    {
        var overrides = new Overrides(schema, settings);
        overrides.CheckTables();
        var warnings = new List<PlanWarning>();
        var taken = new List<TableSchema>();
        foreach (var table in schema.Tables.Where(overrides.IsTaken))
        {
            if (overrides.KeyOf(table).Count > 0) taken.Add(table);
            else warnings.Add(new PlanWarning(table.Name, "left out: it has no primary key; add one, or name a unique key in the manifest (tables: "
                + $"{table.Name}: {{key: [column]}})"));
        }
        var joins = JoinTables.Find(schema, taken, overrides);
        var nodes = taken.Where(t => !joins.ContainsKey(t.Name)).ToList();
        var labels = Labels(nodes, overrides);
        var mappings = new List<TableMapping>();
        var types = new Dictionary<TableName, HashSet<string>>();
        foreach (var (table, (start, end)) in joins.OrderBy(j => j.Key))
        {
            var described = schema.Find(table)!;
            var type = overrides.Of(table)?.Type ?? FreeJoinType(table, TypesAt(types, start.ReferencedTable));
            if (!TypesAt(types, start.ReferencedTable).Add(type)) overrides.Mistake(table, $"relationship type '{type}' is used twice from {start.ReferencedTable}; name another one (type:)");
            mappings.Add(new JoinMapping(table, overrides.KeyOf(described), type, start, end,
                Properties(described, overrides, warnings, c => !overrides.KeyOf(described).Contains(c)), overrides.IncludesNewColumns(table)));
        }
        foreach (var table in nodes)
        {
            var properties = Properties(table, overrides, warnings, _ => true);
            mappings.Add(new NodeMapping(table.Name, overrides.KeyOf(table), labels[table.Name], properties,
                Relationships(table, nodes, overrides, warnings, TypesAt(types, table.Name)), overrides.IncludesNewColumns(table.Name)));
        }
        overrides.ThrowIfWrong();
        return (new GraphMapping([.. mappings.OrderBy(m => m.Table)]), warnings);
    }

    private static Dictionary<TableName, string> Labels(List<TableSchema> nodes, Overrides overrides)
    {
        var given = nodes.ToDictionary(t => t.Name, t => overrides.Of(t.Name)?.Label);
        var plain = nodes.ToDictionary(t => t.Name, t => given[t.Name] ?? Names.Label(t.Name.Name));
        var labels = new Dictionary<TableName, string>();
        foreach (var group in plain.GroupBy(p => p.Value))
        {
            foreach (var (table, label) in group)
            {
                // two schemas with a table of one name: the schema tells them apart; one schema with 'user' and 'users': the table's own spelling does
                var isAlone = group.Count() == 1 || given[table] is not null;
                var prefixed = group.Count(t => t.Key.Schema == table.Schema) == 1 ? Names.Pascal(table.Schema) + label : Names.Pascal(table.Name);
                labels[table] = isAlone ? label : prefixed;
            }
        }
        foreach (var twice in labels.GroupBy(l => l.Value).Where(g => g.Count() > 1))
            overrides.Mistake(twice.Last().Key, $"label '{twice.Key}' is also the label of {twice.First().Key}; name another one (label:)");
        return labels;
    }

    private static List<PropertyMapping> Properties(TableSchema table, Overrides overrides, List<PlanWarning> warnings, Func<string, bool> isWanted)
    {
        var properties = new List<PropertyMapping>();
        foreach (var column in table.Columns.Where(c => isWanted(c.Name) && overrides.IsIncluded(table, c.Name)))
        {
            if (column.IsGenerated)
            {
                warnings.Add(new PlanWarning(table.Name, $"column '{column.Name}' is left out: the log does not carry generated columns"));
                continue;
            }
            if (column.Type.Kind == PgKind.Other || (column.Type.Kind == PgKind.Array && column.Type.Element is null or { Kind: PgKind.Other or PgKind.Json or PgKind.Bytea or PgKind.Array }))
                warnings.Add(new PlanWarning(table.Name, $"column '{column.Name}' of type {column.Type.Name} has no counterpart in the graph: written as text"));
            properties.Add(overrides.Of(table.Name)?.Properties.FirstOrDefault(p => p.Column == column.Name) ?? new PropertyMapping(column.Name, column.Name));
        }
        foreach (var twice in properties.GroupBy(p => p.Property).Where(g => g.Count() > 1))
            overrides.Mistake(table.Name, $"columns {string.Join(" and ", twice.Select(p => $"'{p.Column}'"))} are both written to property '{twice.Key}'");
        return properties;
    }

    private static List<ForeignKeyMapping> Relationships(
        TableSchema table, List<TableSchema> nodes, Overrides overrides, List<PlanWarning> warnings, HashSet<string> types)
    {
        var relationships = new List<ForeignKeyMapping>();
        var named = table.ForeignKeys.Select(k => overrides.IsWanted(table, k, out var type) ? type : null).OfType<string>().ToHashSet();
        foreach (var key in table.ForeignKeys)
        {
            if (!overrides.IsWanted(table, key, out var given)) continue;
            if (nodes.FirstOrDefault(n => n.Name == key.ReferencedTable) is not { } parent)
            {
                warnings.Add(new PlanWarning(table.Name, $"foreign key '{key.Name}' makes no relationship: {key.ReferencedTable} is not a node of the graph"));
                continue;
            }
            if (key.ReferencedColumns.FirstOrDefault(c => !overrides.IsIncluded(parent, c) || parent.Column(c) is not { IsGenerated: false }) is { } missing)
            {
                warnings.Add(new PlanWarning(table.Name, $"foreign key '{key.Name}' makes no relationship: column '{missing}' of {parent.Name} is not in the graph"));
                continue;
            }
            if (!key.IsValid)
                warnings.Add(new PlanWarning(table.Name, $"foreign key '{key.Name}' is NOT VALID: a row whose parent does not exist gets its relationship when the parent comes"));
            if (key.Columns.FirstOrDefault(c => !overrides.IsIncluded(table, c)) is { } hidden)
                warnings.Add(new PlanWarning(table.Name, $"foreign key '{key.Name}': its column '{hidden}' is left out, so a row that is written before its parent gets no relationship when the parent comes"));
            relationships.Add(new ForeignKeyMapping(key, given ?? FreeType(table, key, [.. types, .. named])));
            if (!types.Add(relationships[^1].Type))
                overrides.Mistake(table.Name, $"relationship type '{relationships[^1].Type}' is used twice; name another one (relationships: {{{key.Name}: TYPE}})");
        }
        return relationships;
    }

    /// <summary>The table's name; where another schema's join table has it already, with the schema's.</summary>
    private static string FreeJoinType(TableName table, HashSet<string> types) =>
        types.Contains(Names.Upper(table.Name)) ? $"{Names.Upper(table.Schema)}_{Names.Upper(table.Name)}" : Names.Upper(table.Name);

    /// <summary>The role that the column names, or for several columns the constraint, where a person named it; where that is taken, with the parent's name; then the constraint's name.</summary>
    private static string FreeType(TableSchema table, ForeignKey key, HashSet<string> types)
    {
        var role = key.Columns.Count > 1 && Names.Given(table.Name.Name, key.Name) is { } given ? given : string.Join('_', key.Columns.Select(Names.Role));
        return new[] { role, $"{role}_{Names.Upper(Names.Label(key.ReferencedTable.Name))}", Names.Upper(key.Name), $"{Names.Upper(table.Name.Name)}_{Names.Upper(key.Name)}" }
            .First(t => !types.Contains(t) || t.EndsWith(Names.Upper(key.Name), StringComparison.Ordinal));
    }

    private static HashSet<string> TypesAt(Dictionary<TableName, HashSet<string>> types, TableName table) =>
        types.TryGetValue(table, out var at) ? at : types[table] = [];
}
