using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Plans;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Falkor;

/// <summary>An index for each property that nodes are found by; one statement each, since one that is there already fails the whole statement.</summary>
internal static class FalkorSchema
{
    public const string State = "CREATE INDEX FOR (s:__PolySync) ON (s.pipeline)";

    public static IEnumerable<string> Statements(GraphPlan plan, DatabaseSchema schema)
    {
        yield return State;
        foreach (var node in plan.Mapping.Tables.OfType<NodeMapping>())
        {
            var columns = node.Key.Concat(Neo4jSchema.OtherKeys(node, schema).SelectMany(c => c)).Distinct();
            foreach (var property in columns.Select(c => plan.PropertyOf(node, c)).OfType<string>())
                yield return $"CREATE INDEX FOR (n:{Quote(node.Label)}) ON (n.{Quote(property)})";
        }
    }
}
