namespace PolyglotSync.Graph.Plans;

/// <summary>What may hold on to the nodes of each table: foreign keys that refer to it, and the join tables that it is an end of.</summary>
internal sealed class Holds
{
    private readonly ILookup<TableName, Hold> _byTable;

    private Holds(IEnumerable<Hold> holds) => _byTable = holds.ToLookup(h => h.Key.ReferencedTable);

    public static Holds Of(GraphMapping mapping)
    {
        var labels = mapping.Tables.OfType<NodeMapping>().ToDictionary(n => n.Table, n => n.Label);
        var holds = new List<Hold>();
        foreach (var table in mapping.Tables)
        {
            if (table is NodeMapping node) holds.AddRange(node.Relationships.Select(r => new Hold(r.ForeignKey, new HeldBy(node.Label, r.Type, IsIncoming: true))));
            if (table is not JoinMapping join || !labels.TryGetValue(join.Start.ReferencedTable, out var start) || !labels.TryGetValue(join.End.ReferencedTable, out var end)) continue;
            holds.Add(new Hold(join.Start, new HeldBy(end, join.Type, IsIncoming: false)));
            holds.Add(new Hold(join.End, new HeldBy(start, join.Type, IsIncoming: true)));
        }
        return new Holds(holds);
    }

    public IReadOnlyList<string> TypesOf(TableName table) => [.. _byTable[table].Select(h => h.By.Type).Distinct()];

    /// <summary>The unique keys, without the nodes' own, that foreign keys refer to; columns in order of their names.</summary>
    public IEnumerable<(IReadOnlyList<string> Columns, IReadOnlyList<HeldBy> HeldBy)> OtherKeysOf(NodeMapping node) =>
        _byTable[node.Table].Where(h => !FindsByKey(node, h.Key.ReferencedColumns))
            .GroupBy(h => string.Join('\0', h.Key.ReferencedColumns.Order(StringComparer.Ordinal)))
            .Select(g => ((IReadOnlyList<string>)[.. g.First().Key.ReferencedColumns.Order(StringComparer.Ordinal)], (IReadOnlyList<HeldBy>)[.. g.Select(h => h.By).Distinct()]));

    /// <summary>True where the columns that a foreign key refers to tell the node's key, and perhaps more.</summary>
    public static bool FindsByKey(NodeMapping node, IReadOnlyList<string> referenced) => node.Key.All(referenced.Contains);

    private sealed record Hold(ForeignKey Key, HeldBy By);
}
