namespace PolyglotSync.Graph.Inference;

/// <summary>Finds the tables that are relationships: the key is exactly the columns of two foreign keys, there is no third, and no table refers to it.</summary>
internal static class JoinTables
{
    public static Dictionary<TableName, (ForeignKey Start, ForeignKey End)> Find(DatabaseSchema schema, List<TableSchema> taken, Overrides overrides)
    {
        var referenced = schema.Tables.SelectMany(t => t.ForeignKeys).Select(k => k.ReferencedTable).ToHashSet();
        var joins = new Dictionary<TableName, (ForeignKey, ForeignKey)>();
        foreach (var table in taken)
        {
            var wanted = overrides.Of(table.Name)?.As;
            if (wanted == "node") continue;
            var ends = Ends(table, overrides.KeyOf(table));
            if (ends is { } found && !referenced.Contains(table.Name)) joins[table.Name] = found;
            else if (wanted == "relationship")
                overrides.Mistake(table.Name, "cannot be a relationship: its key must be exactly the columns of its two foreign keys, and no table may refer to it");
        }
        // both ends must be nodes
        var nodes = taken.Select(t => t.Name).Where(t => !joins.ContainsKey(t)).ToHashSet();
        foreach (var table in joins.Where(j => !nodes.Contains(j.Value.Item1.ReferencedTable) || !nodes.Contains(j.Value.Item2.ReferencedTable)).Select(j => j.Key).ToList())
        {
            joins.Remove(table);
            if (overrides.Of(table)?.As == "relationship") overrides.Mistake(table, "cannot be a relationship: a table that it refers to is not in the graph");
        }
        return joins;
    }

    /// <summary>The start is the foreign key of the first key column.</summary>
    private static (ForeignKey Start, ForeignKey End)? Ends(TableSchema table, IReadOnlyList<string> key)
    {
        if (table.ForeignKeys.Count != 2) return null;
        var start = table.ForeignKeys.FirstOrDefault(k => k.Columns.Contains(key[0]));
        if (start is null) return null;
        var end = table.ForeignKeys.First(k => k != start);
        return start.Columns.Concat(end.Columns).ToHashSet().SetEquals(key) ? (start, end) : null;
    }
}
