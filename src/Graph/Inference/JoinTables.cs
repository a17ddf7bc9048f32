namespace PolyglotSync.Graph.Inference;

/// <summary>Finds the tables that are relationships: the key is exactly the columns of two foreign keys, there is no third, and no table refers to it.</summary>
internal static class JoinTables
{
    public static Dictionary<TableName, (ForeignKey Start, ForeignKey End)> Find(DatabaseSchema schema, List<TableSchema> taken, Overrides overrides)
    {
        var referenced = schema.Tables.SelectMany(t => t.ForeignKeys).Select(k => k.ReferencedTable).ToHashSet();
        var joins = new Dictionary<TableName, (ForeignKey Start, ForeignKey End)>();
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
        foreach (var table in joins.Where(j => !nodes.Contains(j.Value.Start.ReferencedTable) || !nodes.Contains(j.Value.End.ReferencedTable)).Select(j => j.Key).ToList())
        {
            joins.Remove(table);
            if (overrides.Of(table)?.As == "relationship") overrides.Mistake(table, "cannot be a relationship: a table that it refers to is not in the graph");
        }
        foreach (var table in taken)
        {
            var given = overrides.Of(table.Name);
            if (given is { As: null, Label: not null } && joins.ContainsKey(table.Name)) overrides.Mistake(table.Name, "label: the table is a relationship; write type:, or make it a node by as: node");
            if (given is { As: null, Type: not null } && !joins.ContainsKey(table.Name)) overrides.Mistake(table.Name, "type: the table is a node; write label:, and the types of its relationships under relationships:");
            if (given is { Relationships.Count: > 0 } && joins.ContainsKey(table.Name)) overrides.Mistake(table.Name, "relationships: the table is one relationship itself; write type:");
        }
        return joins;
    }

    /// <summary>The start is the foreign key whose own columns (those that the other does not have too) come first in the key. Null where the key is not two foreign keys.</summary>
    public static (ForeignKey Start, ForeignKey End)? Ends(TableSchema table, IReadOnlyList<string> key)
    {
        if (table.ForeignKeys.Count != 2) return null;
        var (one, other) = (table.ForeignKeys[0], table.ForeignKeys[1]);
        if (!one.Columns.Concat(other.Columns).ToHashSet().SetEquals(key)) return null;
        return First(one, other) <= First(other, one) ? (one, other) : (other, one);

        int First(ForeignKey of, ForeignKey against) =>
            Enumerable.Range(0, key.Count).Where(i => of.Columns.Contains(key[i]) && !against.Columns.Contains(key[i])).FirstOrDefault(key.Count);
    }
}
