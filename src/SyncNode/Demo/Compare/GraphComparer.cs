using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Compare;

/// <summary>What a comparison found.</summary>
/// <param name="Differences">Up to <see cref="GraphComparer.MaxShown"/>, as sentences; empty where graph and tables agree.</param>
internal sealed record Verdict(long Rows, long Nodes, long Relationships, IReadOnlyList<string> Differences)
{
    public bool Agrees => Differences.Count == 0;
}

/// <summary>
/// Compares every table with its nodes and relationships: each row, each property value, each foreign key, in both directions, and at the end the totals,
/// so that nothing stands in the graph that no table explains. It takes the names from the mapping; how values are written it knows by itself.
/// </summary>
internal sealed class GraphComparer(TableReader tables, IGraphReader graph, DatabaseSchema schema, GraphMapping mapping)
{
    public const int MaxShown = 10;

    private readonly List<string> _differences = [];
    private long _rows;
    private long _nodes;
    private long _relationships;

    public async Task<Verdict> CompareAsync(CancellationToken cancellationToken)
    {
        foreach (var node in mapping.Tables.OfType<NodeMapping>())
        {
            _nodes += await CompareNodesAsync(node, cancellationToken);
            foreach (var relationship in node.Relationships) _relationships += await CompareForeignKeyAsync(node, relationship, cancellationToken);
        }
        foreach (var join in mapping.Tables.OfType<JoinMapping>()) _relationships += await CompareJoinAsync(join, cancellationToken);
        await CompareTotalAsync("nodes", _nodes, "MATCH (n) RETURN count(n)", "MATCH (n:__PolySync) RETURN count(n)", cancellationToken);
        await CompareTotalAsync("relationships", _relationships, "MATCH ()-[r]->() RETURN count(r)", null, cancellationToken);
        return new Verdict(_rows, _nodes, _relationships, _differences);
    }

    private async Task<int> CompareNodesAsync(NodeMapping node, CancellationToken cancellationToken)
    {
        var table = schema.Find(node.Table)!;
        var columns = node.Properties.Select(p => table.Column(p.Column)!).ToList();
        var expected = await tables.ReadAsync(node.Table, columns, [], cancellationToken);
        var found = await graph.QueryAsync($"MATCH (n:{Name(node.Label)}) RETURN {Values("n", node.Properties.Select(p => p.Property))}", cancellationToken);
        _rows += expected.Count;
        Compare($"nodes :{node.Label} of {node.Table}", expected, Canonical(found, columns));
        return expected.Count;
    }

    private async Task<int> CompareForeignKeyAsync(NodeMapping node, ForeignKeyMapping relationship, CancellationToken cancellationToken)
    {
        var key = relationship.ForeignKey;
        var table = schema.Find(node.Table)!;
        if (mapping.Find(key.ReferencedTable) is not NodeMapping parent) return 0;
        var columns = node.Key.Concat(key.Columns).Select(c => table.Column(c)!).ToList();
        var expected = await tables.ReadAsync(node.Table, columns, key.Columns, cancellationToken);
        var found = await graph.QueryAsync(
            $"MATCH (c:{Name(node.Label)})-[:{Name(relationship.Type)}]->(p:{Name(parent.Label)}) RETURN "
            + $"{Values("c", Properties(node, node.Key))}, {Values("p", Properties(parent, key.ReferencedColumns))}", cancellationToken);
        Compare($"relationships :{relationship.Type} of {node.Table}", expected, Canonical(found, columns));
        return expected.Count;
    }

    private async Task<int> CompareJoinAsync(JoinMapping join, CancellationToken cancellationToken)
    {
        var table = schema.Find(join.Table)!;
        var start = (NodeMapping)mapping.Find(join.Start.ReferencedTable)!;
        var end = (NodeMapping)mapping.Find(join.End.ReferencedTable)!;
        var columns = join.Start.Columns.Concat(join.End.Columns).Concat(join.Properties.Select(p => p.Column)).Select(c => table.Column(c)!).ToList();
        var expected = await tables.ReadAsync(join.Table, columns, [.. join.Start.Columns, .. join.End.Columns], cancellationToken);
        var values = new[]
        {
            Values("a", Properties(start, join.Start.ReferencedColumns)), Values("b", Properties(end, join.End.ReferencedColumns)),
            Values("r", join.Properties.Select(p => p.Property)),
        };
        var found = await graph.QueryAsync(
            $"MATCH (a:{Name(start.Label)})-[r:{Name(join.Type)}]->(b:{Name(end.Label)}) RETURN {string.Join(", ", values.Where(v => v.Length > 0))}", cancellationToken);
        _rows += expected.Count;
        Compare($"relationships :{join.Type} of {join.Table}", expected, Canonical(found, columns));
        return expected.Count;
    }

    private async Task CompareTotalAsync(string what, long expected, string count, string? ownCount, CancellationToken cancellationToken)
    {
        var all = await NumberAsync(count, cancellationToken);
        var own = ownCount is null ? 0 : await NumberAsync(ownCount, cancellationToken);
        if (all - own != expected) Add($"the graph holds {all - own} {what}, the tables explain {expected}");
    }

    private async Task<long> NumberAsync(string cypher, CancellationToken cancellationToken) =>
        long.Parse((await graph.QueryAsync(cypher, cancellationToken))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Both as bags of whole rows: a difference is a row that only one of them has.</summary>
    private void Compare(string what, IReadOnlyList<string?[]> expected, IReadOnlyList<string?[]> found)
    {
        var counts = new Dictionary<string, int>(expected.Count);
        foreach (var row in expected) counts[Key(row)] = counts.GetValueOrDefault(Key(row)) + 1;
        foreach (var row in found) counts[Key(row)] = counts.GetValueOrDefault(Key(row)) - 1;
        foreach (var (row, count) in counts)
        {
            if (count != 0) Add($"{what}: ({row.Replace('\u001f', '|')}) stands {Math.Abs(count)} time(s) {(count > 0 ? "too seldom" : "too often")} in the graph");
        }
    }

    private void Add(string difference)
    {
        if (_differences.Count < MaxShown) _differences.Add(difference);
    }

    private static IReadOnlyList<string?[]> Canonical(IReadOnlyList<string?[]> rows, IReadOnlyList<ColumnSchema> columns) =>
        [.. rows.Select(row => row.Select((cell, i) => CanonicalText.Of(columns[i].Type, cell)).ToArray())];

    private static string Key(string?[] row) => string.Join('\u001f', row.Select(cell => cell ?? "NULL"));

    private static IEnumerable<string> Properties(NodeMapping node, IEnumerable<string> columns) =>
        columns.Select(c => node.Properties.First(p => p.Column == c).Property);

    private static string Values(string variable, IEnumerable<string> properties) => string.Join(", ", properties.Select(p => $"{variable}.{Name(p)}"));

    private static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
