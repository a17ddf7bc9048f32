using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Waiting;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>The constraints and indexes that writing needs: a uniqueness constraint for each node's key, an index for each other key that is referred to.</summary>
internal static class Neo4jSchema
{
    public static IEnumerable<string> Statements(GraphPlan plan, DatabaseSchema schema)
    {
        yield return Neo4jState.Constraint;
        foreach (var node in plan.Mapping.Tables.OfType<NodeMapping>())
        {
            var key = node.Key.Select(c => plan.PropertyOf(node, c) ?? c).ToList();
            yield return $"CREATE CONSTRAINT {Name(node.Label, key, "key")} IF NOT EXISTS FOR (n:{Quote(node.Label)}) REQUIRE ({Properties(key)}) IS UNIQUE";
            foreach (var columns in OtherKeys(node, schema))
            {
                var properties = columns.Select(c => plan.PropertyOf(node, c)).ToList();
                if (properties.Contains(null)) continue;
                yield return $"CREATE INDEX {Name(node.Label, properties!, "ref")} IF NOT EXISTS FOR (n:{Quote(node.Label)}) ON ({Properties(properties!)})";
            }
        }
        foreach (var join in plan.Mapping.Tables.Select(t => plan.For(t.Table)).OfType<JoinPlan>())
        {
            var label = WaitingShapes.LabelOf(join.Relation.Table);
            foreach (var properties in WaitingShapes.Indexed(join))
                yield return $"CREATE INDEX {Name(label, properties, "ref")} IF NOT EXISTS FOR (n:{Quote(label)}) ON ({Properties(properties)})";
        }
    }

    /// <summary>The quoted name of the constraint that a statement makes; null where it makes none.</summary>
    public static string? ConstraintName(string statement)
    {
        const string begin = "CREATE CONSTRAINT ";
        return statement.StartsWith(begin, StringComparison.Ordinal) ? statement[begin.Length..statement.IndexOf(" IF NOT EXISTS", StringComparison.Ordinal)] : null;
    }

    /// <summary>The indexes by which children that wait are found.</summary>
    public static IEnumerable<string> ForWaiting(GraphPlan plan, string name) =>
        plan.Mapping.Tables.SelectMany(t => plan.IncomingOf(t.Table)).Where(i => i.Name == name).Select(i =>
        {
            var properties = i.Columns.Select(c => c.Property).ToList();
            return $"CREATE INDEX {Name(i.ChildLabel, properties, "fk")} IF NOT EXISTS FOR (n:{Quote(i.ChildLabel)}) ON ({Properties(properties)})";
        });

    /// <summary>Unique keys that foreign keys refer to, without the node's own. An index, not a constraint: their values may change hands within one write set.</summary>
    public static IEnumerable<IReadOnlyList<string>> OtherKeys(NodeMapping node, DatabaseSchema schema) =>
        schema.Tables.SelectMany(t => t.ForeignKeys).Where(k => k.ReferencedTable == node.Table).Select(k => k.ReferencedColumns)
            .Where(columns => !columns.SequenceEqual(node.Key)).DistinctBy(columns => string.Join('\0', columns));

    private static string Name(string label, IEnumerable<string> properties, string kind) => Quote($"polysync_{label}_{string.Join('_', properties)}_{kind}");

    private static string Properties(IEnumerable<string> properties) => string.Join(", ", properties.Select(p => $"n.{Quote(p)}"));
}
