using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Falkor;

/// <summary>An index for each property that nodes are found by; one statement each, since one that is there already fails the whole statement.</summary>
internal static class FalkorSchema
{
    public const string State = "CREATE INDEX FOR (s:__PolySync) ON (s.pipeline)";

    /// <summary>The labels whose index is still being filled.</summary>
    public const string Unfinished = "CALL db.indexes() YIELD label, status WHERE status <> 'OPERATIONAL' RETURN label";

    public static IEnumerable<string> Statements(GraphPlan plan, DatabaseSchema schema)
    {
        yield return State;
        yield return Index(CarriedLog.Label, "row");
        foreach (var node in plan.Mapping.Tables.OfType<NodeMapping>())
        {
            var columns = node.Key.Concat(Neo4jSchema.OtherKeys(node, schema).SelectMany(c => c)).Distinct();
            foreach (var property in columns.Select(c => plan.PropertyOf(node, c)).OfType<string>()) yield return Index(node.Label, property);
        }
        foreach (var join in plan.Mapping.Tables.Select(t => plan.For(t.Table)).OfType<JoinPlan>())
        {
            foreach (var property in WaitingShapes.Indexed(join).SelectMany(p => p)) yield return Index(WaitingShapes.LabelOf(join.Relation.Table), property);
        }
    }

    /// <summary>The indexes by which children that wait are found.</summary>
    public static IEnumerable<string> ForWaiting(GraphPlan plan, string name) =>
        plan.Mapping.Tables.SelectMany(t => plan.IncomingOf(t.Table)).Where(i => i.Name == name)
            .SelectMany(i => i.Columns.Select(c => Index(i.ChildLabel, c.Property)));

    private static string Index(string label, string property) => $"CREATE INDEX FOR (n:{Quote(label)}) ON (n.{Quote(property)})";

    /// <summary>FalkorDB's parser knows no backtick inside a name.</summary>
    public static void RequireNames(GraphMapping mapping)
    {
        var wrong = mapping.Tables.SelectMany(t => Names(t).Where(n => n.Contains('`', StringComparison.Ordinal)).Select(n => $"  {t.Table}: '{n}'")).ToList();
        if (wrong.Count == 0) return;
        throw new PipelineFailure(FailureClass.Fatal,
            "FalkorDB takes no name with a backtick; name these otherwise in the manifest (label, type, properties) or leave them out:\n" + string.Join('\n', wrong))
        { ExitCode = ExitCode.InvalidManifest };
    }

    private static IEnumerable<string> Names(TableMapping table) => table.Properties.Select(p => p.Property).Concat(table switch
    {
        NodeMapping node => node.Relationships.Select(r => r.Type).Append(node.Label),
        JoinMapping join => [join.Type],
        _ => [],
    });
}
