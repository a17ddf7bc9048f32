using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.CypherShapes;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>The shapes of one join table where only the changes of one key come in order: both ends may be missing. Rows hold the ends, then the fields.</summary>
internal sealed class KeyedJoinShapes(JoinPlan plan)
{
    private CypherShape? _merge;

    private bool IsByKeys => plan.Start.KeyOrdinals is not null && plan.End.KeyOrdinals is not null;

    private string Type => Quote(plan.Type);

    private string Start => CypherShapes.Node("a", plan.Start, 0);

    private string End => CypherShapes.Node("b", plan.End, plan.Start.Fields.Count);

    public CypherShape Merge(SentFields sent) => sent.IsWhole ? _merge ??= NewMerge(sent.Fields) : NewMerge(sent.Fields);

    public CypherShape Delete => field ??= new(
        $"MATCH {Start} MATCH {End} MATCH (a)-[x:{Type}]->(b){Placeholders.Lock(plan, "a", plan.Start)}{Placeholders.Lock(plan, "b", plan.End)} DELETE x"
        + Placeholders.Release("collect(DISTINCT a) + collect(DISTINCT b)", plan.Start.Holds.Concat(plan.End.Holds)), ShapeAnswer.Nothing);

    private CypherShape NewMerge(IReadOnlyList<Field> sent)
    {
        var set = Set("x", plan, [], 0, sent, Width(plan));
        if (IsByKeys)
            return new($"MERGE {Start} ON CREATE SET a:{Placeholders.Label} MERGE {End} ON CREATE SET b:{Placeholders.Label} MERGE (a)-[x:{Type}]->(b){set}", ShapeAnswer.Nothing);
        // the row's relationship may start or end at another of two nodes that have the value for a while
        return new($"{Find("a", plan.Start, 0, "r")}{Find("b", plan.End, plan.Start.Fields.Count, "r, a")} "
            + $"OPTIONAL MATCH {CypherShapes.Node("s", plan.Start, 0)}-[o:{Type}]->{CypherShapes.Node("t", plan.End, plan.Start.Fields.Count)} WITH r, a, b, head(collect(o)) AS o "
            + $"FOREACH (i IN CASE WHEN o IS NULL THEN [1] ELSE [] END | CREATE (a)-[x:{Type}]->(b){set}) "
            + $"FOREACH (x IN CASE WHEN o IS NULL THEN [] ELSE [o] END |{(set.Length == 0 ? " SET x.__none = null" : set)})", ShapeAnswer.Nothing);
    }

    /// <summary>Binds an end: the row's node, else a placeholder.</summary>
    private static string Find(string name, NodeEnd end, int from, string kept)
    {
        if (end.KeyOrdinals is not null) return $"{(from == 0 ? "" : " ")}MERGE {CypherShapes.Node(name, end, from)} ON CREATE SET {name}:{Placeholders.Label} WITH {kept}, {name}";
        var (label, values) = (Quote(end.Label), Map(end.Fields, from));
        return $"{(from == 0 ? "" : " ")}OPTIONAL MATCH (k:{label} {values}) WHERE NOT k:{Placeholders.Label} AND NOT k:{Placeholders.Leaving} WITH {kept}, head(collect(k)) AS k "
            + $"FOREACH (i IN CASE WHEN k IS NULL THEN [1] ELSE [] END | MERGE (:{label}:{Placeholders.Label} {values})) "
            + $"WITH {kept}, k OPTIONAL MATCH (p:{label}:{Placeholders.Label} {values}) WITH {kept}, k, head(collect(p)) AS p WITH {kept}, coalesce(k, p) AS {name}";
    }
}
