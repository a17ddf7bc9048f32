using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>The rows that a graph has been told of, and the graph that they make: computed without the product's plan.</summary>
internal sealed class KnownRows(DatabaseSchema schema, GraphMapping mapping)
{
    private readonly Dictionary<string, SortedDictionary<string, IReadOnlyDictionary<string, string?>>> _rows =
        schema.Tables.ToDictionary(t => t.Name.Name, _ => new SortedDictionary<string, IReadOnlyDictionary<string, string?>>(StringComparer.Ordinal));

    public void Take(RowEvent change)
    {
        if (change.Row is null) _rows[change.Table].Remove(change.Key);
        else _rows[change.Table][change.Key] = change.Row;
    }

    public IReadOnlyDictionary<string, string?>? Find(string table, string key) => _rows[table].GetValueOrDefault(key);

    /// <summary>Asserts that the graph is the one that the rows make: nodes, placeholders, relationships, properties, and nothing else.</summary>
    public async Task ShouldBeAsync(GraphWorld world, string when)
    {
        var placeholders = new SortedSet<string>(StringComparer.Ordinal);
        var relationships = 0L;
        foreach (var node in mapping.Tables.OfType<NodeMapping>())
        {
            foreach (var (key, type) in node.Relationships) relationships += await CompareAsync(world, node.Label, type, node, key, null, placeholders, when);
            var shown = string.Join(", ", node.Properties.Select(p => $"n.{p.Property}"));
            var found = await world.AskAsync($"MATCH (n:{node.Label}) WHERE NOT n:__Placeholder RETURN {shown}");
            found.ShouldBe([.. _rows[node.Table.Name].Values.Select(r => string.Join(' ', node.Properties.Select(p => r[p.Column] ?? "-"))).Order(StringComparer.Ordinal)], $"{node.Label} {when}");
        }
        foreach (var join in mapping.Tables.OfType<JoinMapping>()) relationships += await CompareAsync(world, "", join.Type, join, join.Start, join.End, placeholders, when);
        (await world.CountAsync("MATCH ()-[o]->() RETURN count(o)")).ShouldBe(relationships, $"relationships {when}");
        var left = new List<string>();
        foreach (var node in mapping.Tables.OfType<NodeMapping>())
        {
            var shown = string.Join(", ", node.Properties.Select(p => $"n.{p.Property}"));
            left.AddRange((await world.AskAsync($"MATCH (n:{node.Label}:__Placeholder) RETURN {shown}")).Select(line => $"{node.Label} {line}"));
        }
        left.Order(StringComparer.Ordinal).ToArray().ShouldBe([.. placeholders], $"placeholders {when}");
        (await world.CountAsync("MATCH (n:__Leaving) RETURN count(n)")).ShouldBe(0, when);
    }

    private async Task<long> CompareAsync(GraphWorld world, string label, string type, TableMapping table, ForeignKey first, ForeignKey? second, SortedSet<string> placeholders, string when)
    {
        var ends = new[] { first, second }.OfType<ForeignKey>().Select(k => new End(k, (NodeMapping)mapping.Find(k.ReferencedTable)!, this)).ToList();
        var properties = second is null ? ((NodeMapping)table).Key.Select(c => $"a.{c}") : table.Properties.Select(p => $"o.{p.Property}");
        var pattern = second is null ? $"MATCH (a:{label})-[o:{type}]->(x)" : $"MATCH (x)-[o:{type}]->(y:{ends[1].Parent.Label})";
        var identities = ends.Select((e, i) => $"{(i == 0 ? "x" : "y")}:__Placeholder, {string.Join(", ", e.Parent.Properties.Select(p => $"{(i == 0 ? "x" : "y")}.{p.Property}"))}");
        var found = (await world.AskAsync($"{pattern} RETURN {string.Join(", ", properties.Concat(identities))}")).ToList();
        var count = found.Count;
        foreach (var row in _rows[table.Table.Name].Values)
        {
            if (ends.Any(e => !e.IsGiven(row))) continue;
            var own = string.Join(' ', (second is null ? ((NodeMapping)table).Key : table.Properties.Select(p => p.Column)).Select(c => row[c] ?? "-"));
            var possible = ends.Select(e => e.Possible(row)).ToList();
            var lines = possible[0].SelectMany(x => second is null ? [Join(own, x)] : possible[1].Select(y => Join(own, x, y))).ToList();
            var at = found.FindIndex(lines.Contains);
            at.ShouldBeGreaterThanOrEqualTo(0, $"{table.Table} {own} -{type}-> lacks one of [{string.Join(" / ", lines)}], found [{string.Join(" / ", found)}] {when}");
            found.RemoveAt(at);
            foreach (var end in possible.SelectMany((p, i) => p.Where(e => e.StartsWith("True", StringComparison.Ordinal)).Select(e => $"{ends[i].Parent.Label}{e["True".Length..]}"))) placeholders.Add(end);
        }
        found.ShouldBeEmpty($"{type} {when}, of rows [{string.Join(" / ", _rows[table.Table.Name].Values.Select(r => string.Join(' ', r.Values)))}]");
        return count;
    }

    private static string Join(params string[] parts) => string.Join(' ', parts.Where(p => p.Length > 0));

    private sealed record End(ForeignKey Key, NodeMapping Parent, KnownRows Known)
    {
        public bool IsGiven(IReadOnlyDictionary<string, string?> row) => Key.Columns.All(c => row[c] is not null);

        /// <summary>The nodes that it may lead to: rows by the value (more than one only while a value changes hands), else a placeholder. What holds the parent's key is found by that alone.</summary>
        public IReadOnlyList<string> Possible(IReadOnlyDictionary<string, string?> row)
        {
            var wanted = Key.ReferencedColumns.Zip(Key.Columns.Select(c => row[c])).Where(p => !Parent.Key.All(Key.ReferencedColumns.Contains) || Parent.Key.Contains(p.First)).ToList();
            var rows = Known._rows[Parent.Table.Name].Values.Where(r => wanted.TrueForAll(w => r[w.First] == w.Second))
                .Select(r => $"False {string.Join(' ', Parent.Properties.Select(p => r[p.Column] ?? "-"))}").ToList();
            return rows.Count > 0 ? rows : [$"True {string.Join(' ', Parent.Properties.Select(p => wanted.FirstOrDefault(w => w.First == p.Column).Second ?? "-"))}"];
        }
    }
}
