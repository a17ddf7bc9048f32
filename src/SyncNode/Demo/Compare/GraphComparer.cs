using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Query;

namespace PolyglotSync.SyncNode.Demo.Compare;

/// <summary>
/// Compares every table with its nodes and relationships: each row, each property value, each foreign key, in both directions, and at the end the totals,
/// so that nothing stands in the graph that no table explains. It takes the names from the mapping; how values are written it knows by itself.
/// </summary>
internal sealed class GraphComparer(TableReader tables, IGraphReader graph, DatabaseSchema schema, GraphMapping mapping)
{
    public const int MaxShown = 10;

    private readonly List<string> _differences = [];
    private readonly List<ComparedPart> _parts = [];

    public async Task<Verdict> CompareAsync(CancellationToken cancellationToken)
    {
        foreach (var node in mapping.Tables.OfType<NodeMapping>())
        {
            await CompareNodesAsync(node, cancellationToken);
            foreach (var relationship in node.Relationships) await CompareForeignKeyAsync(node, relationship, cancellationToken);
        }
        foreach (var join in mapping.Tables.OfType<JoinMapping>()) await CompareJoinAsync(join, cancellationToken);
        var verdict = new Verdict(_parts, _differences);
        await CompareTotalAsync("nodes", verdict.Nodes, "MATCH (n) RETURN count(n)", "MATCH (n:__PolySync) RETURN count(n)", cancellationToken);
        await CompareTotalAsync("relationships", verdict.Relationships, "MATCH ()-[r]->() RETURN count(r)", null, cancellationToken);
        return verdict;
    }

    private async Task CompareNodesAsync(NodeMapping node, CancellationToken cancellationToken)
    {
        var table = schema.Find(node.Table)!;
        var columns = node.Properties.Select(p => table.Column(p.Column)!).ToList();
        var expected = await tables.ReadAsync(node.Table, columns, [], cancellationToken);
        var found = await RowsAsync($"MATCH (n:{Name(node.Label)}) RETURN {Values("n", node.Properties.Select(p => p.Property))}", cancellationToken);
        Compare(node.Table, $"(:{node.Label})", PartKind.Node, expected, Canonical(found, columns));
    }

    private async Task CompareForeignKeyAsync(NodeMapping node, ForeignKeyMapping relationship, CancellationToken cancellationToken)
    {
        var key = relationship.ForeignKey;
        var table = schema.Find(node.Table)!;
        if (mapping.Find(key.ReferencedTable) is not NodeMapping parent) return;
        var columns = node.Key.Concat(key.Columns).Select(c => table.Column(c)!).ToList();
        var expected = await tables.ReadAsync(node.Table, columns, key.Columns, cancellationToken);
        var found = await RowsAsync(
            $"MATCH (c:{Name(node.Label)})-[:{Name(relationship.Type)}]->(p:{Name(parent.Label)}) RETURN "
            + $"{Values("c", Properties(node, node.Key))}, {Values("p", Properties(parent, key.ReferencedColumns))}", cancellationToken);
        Compare(node.Table, $"(:{node.Label})-[:{relationship.Type}]->(:{parent.Label})", PartKind.ForeignKey, expected, Canonical(found, columns));
    }

    private async Task CompareJoinAsync(JoinMapping join, CancellationToken cancellationToken)
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
        var found = await RowsAsync(
            $"MATCH (a:{Name(start.Label)})-[r:{Name(join.Type)}]->(b:{Name(end.Label)}) RETURN {string.Join(", ", values.Where(v => v.Length > 0))}", cancellationToken);
        Compare(join.Table, $"(:{start.Label})-[:{join.Type}]->(:{end.Label})", PartKind.JoinTable, expected, Canonical(found, columns));
    }

    private async Task CompareTotalAsync(string what, long expected, string count, string? ownCount, CancellationToken cancellationToken)
    {
        var all = await NumberAsync(count, cancellationToken);
        var own = ownCount is null ? 0 : await NumberAsync(ownCount, cancellationToken);
        if (all - own != expected) Add($"the graph holds {all - own} {what}, the tables explain {expected}");
    }

    private async Task<long> NumberAsync(string cypher, CancellationToken cancellationToken) =>
        long.Parse((await RowsAsync(cypher, cancellationToken))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<string?[]>> RowsAsync(string cypher, CancellationToken cancellationToken) => (await graph.QueryAsync(cypher, cancellationToken)).Rows;

    /// <summary>Both as bags of whole rows: a difference is a row that only one of them has.</summary>
    private void Compare(TableName table, string pattern, PartKind kind, IReadOnlyList<string?[]> expected, IReadOnlyList<string?[]> found)
    {
        var agrees = true;
        var counts = new Dictionary<string, int>(expected.Count);
        foreach (var row in expected) counts[Key(row)] = counts.GetValueOrDefault(Key(row)) + 1;
        foreach (var row in found) counts[Key(row)] = counts.GetValueOrDefault(Key(row)) - 1;
        foreach (var (row, count) in counts)
        {
            if (count == 0) continue;
            agrees = false;
            Add($"{pattern} of {table}: ({row.Replace('\u001f', '|')}) stands {Math.Abs(count)} time(s) {(count > 0 ? "too seldom" : "too often")} in the graph");
        }
        _parts.Add(new ComparedPart(table.Name, pattern, kind, expected.Count, found.Count, agrees));
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
