using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.CypherShapes;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>The shapes of one node table where only the changes of one key come in order.</summary>
internal sealed class KeyedNodeShapes(NodePlan plan)
{
    private readonly CypherShape?[] _unlink = new CypherShape?[plan.References.Count];
    private readonly CypherShape?[] _link = new CypherShape?[plan.References.Count];
    private readonly CypherShape?[] _linkFresh = new CypherShape?[plan.References.Count];
    private readonly CypherShape?[] _merges = new CypherShape?[2];

    private string Node => $"(n:{Quote(plan.Label)} {Map(plan.Key, 0)})";

    private string Child => $"(c:{Quote(plan.Label)} {Map(plan.Key, 0)})";

    /// <summary>Columns by which others find the node, and placeholders of its table may be known.</summary>
    private bool HasOtherKeys => plan.OtherKeys.Count > 0;

    /// <summary>Makes the row's node, also of a placeholder. Rows hold the key, the sent fields, and where it tells, a number.</summary>
    /// <param name="tells">Gives back the numbers of the rows whose references are to be written: as they are for nodes that were not there, -1 less the number for ones that were.</param>
    public CypherShape Merge(SentFields sent, bool tells)
    {
        if (!sent.IsWhole) return NewMerge(sent.Fields, tells);
        return _merges[tells ? 1 : 0] ??= NewMerge(sent.Fields, tells);
    }

    /// <summary>
    /// Takes the child's relationship away unless it leads where the row says. Rows hold the child's key and what identifies the parent, NULL for none.
    /// </summary>
    public CypherShape Unlink(int number)
    {
        if (_unlink[number] is { } made) return made;
        var (type, end) = (plan.References[number].Type, plan.References[number].Parent);
        var there = string.Join(" AND ", end.Fields.Select((f, i) => $"x.{Quote(f.Property)} = r[{plan.Key.Count + i}]"));
        return _unlink[number] = new($"MATCH {Child}-[o:{Quote(type)}]->(x) WHERE NOT coalesce({there}, false)"
            + $"{Placeholders.Lock(plan, "x", end)} DELETE o{Placeholders.Release("collect(DISTINCT x)", end.Holds)}", ShapeAnswer.Nothing);
    }

    /// <summary>Leads from the child to its parent, known or not. Rows hold the child's key and what identifies the parent, all of it.</summary>
    /// <param name="fresh">True where the child cannot have the relationship yet.</param>
    public CypherShape Link(int number, bool fresh)
    {
        var made = fresh ? _linkFresh : _link;
        return made[number] ??= plan.References[number].Parent.KeyOrdinals is null ? LinkByOtherKey(plan.References[number]) : LinkByKey(plan.References[number], fresh);
    }

    /// <summary>
    /// A row goes: its node does too, or becomes a placeholder where something holds it. Neo4j: one statement. FalkorDB's conditions know no patterns: it becomes a placeholder in any case, which
    /// goes with the second.
    /// </summary>
    public IReadOnlyList<CypherShape> Delete => field ??= NewDelete();

    /// <summary>Gives back <c>[row number, field, …]</c> for each row's node found by the key.</summary>
    public CypherShape Read => field ??= new(
        $"MATCH {Node} WHERE NOT n:{Placeholders.Label} RETURN collect([r[{plan.Key.Count}]{CypherShapes.Read("n", plan.Fields)}])", ShapeAnswer.Values);

    private CypherShape NewMerge(IReadOnlyList<Field> sent, bool tells)
    {
        var isRow = plan.Holds.Count > 0 || tells ? $" REMOVE n:{Placeholders.Label}" : "";
        if (HasOtherKeys) isRow += $" REMOVE n:{Placeholders.Leaving}";
        var set = Set("n", plan, plan.Key, 0, sent, plan.Key.Count) + isRow;
        if (!tells) return new($"MERGE {Node}{set}", ShapeAnswer.Nothing);
        var number = $"r[{plan.Key.Count + sent.Count}]";
        var all = sent.ToList();
        var compared = plan.References.SelectMany(r => r.Stored!).Distinct().Where(all.Contains).Select(f => (f.Property, $"r[{plan.Key.Count + all.IndexOf(f)}]")).ToList();
        var moved = compared.Count == 0 ? "false" : $"NOT {Placeholders.Same("n", compared)}";
        // a node that is made here is a placeholder until the statement's next clause: so both are told apart from a row's
        return new($"MERGE {Node} ON CREATE SET n:{Placeholders.Label} WITH n, r, n:{Placeholders.Label} AS fresh, {moved} AS other{set} "
            + $"RETURN collect(CASE WHEN fresh THEN {number} WHEN other THEN -1 - {number} END) AS moved", ShapeAnswer.Values);
    }

    private CypherShape LinkByKey(ReferencePlan reference, bool fresh) =>
        new($"MATCH {Child} MERGE {CypherShapes.Node("p", reference.Parent, plan.Key.Count)} ON CREATE SET p:{Placeholders.Label} "
            + $"{(fresh ? "CREATE" : "MERGE")} (c)-[:{Quote(reference.Type)}]->(p)", ShapeAnswer.Nothing);

    /// <summary>Two rows may have the value for a while, where the one that takes it over is read before the one that gives it up: either will do, the one that goes hands over what leads to it.</summary>
    private CypherShape LinkByOtherKey(ReferencePlan reference)
    {
        var (type, end, values) = (Quote(reference.Type), reference.Parent, Map(reference.Parent.Fields, plan.Key.Count));
        return new($"MATCH {Child} WHERE NOT (c)-[:{type}]->() OPTIONAL MATCH (p:{Quote(end.Label)} {values}) WHERE NOT p:{Placeholders.Label} AND NOT p:{Placeholders.Leaving} "
            + $"WITH r, c, head(collect(p)) AS p FOREACH (q IN CASE WHEN p IS NULL THEN [] ELSE [p] END | CREATE (c)-[:{type}]->(q)) "
            + $"FOREACH (i IN CASE WHEN p IS NULL THEN [1] ELSE [] END | MERGE (q:{Quote(end.Label)}:{Placeholders.Label} {values}) CREATE (c)-[:{type}]->(q))", ShapeAnswer.Nothing);
    }

    private IReadOnlyList<CypherShape> NewDelete()
    {
        if (plan.Holds.Count == 0) return [new($"MATCH {Node} DETACH DELETE n", ShapeAnswer.Nothing)];
        var reduce = $"= {Map(plan.Key, 0)} SET ";
        var left = HasOtherKeys ? $" REMOVE {{0}}:{Placeholders.Leaving}" : "";
        if (plan.Dialect == GraphDialect.Falkor)
        {
            return
            [
                new($"MATCH {Node} SET n {reduce}n:{Placeholders.Label}{left.Replace("{0}", "n", StringComparison.Ordinal)}", ShapeAnswer.Nothing),
                new($"MATCH {Node} WHERE {Placeholders.IsLeft("n", plan.Holds)} DETACH DELETE n", ShapeAnswer.Nothing),
            ];
        }
        return
        [
            new($"MATCH {Node}{Placeholders.Lock(plan.Dialect, "n", plan.Key[0].Property)} WITH r, n, EXISTS {{ {Placeholders.Held("n", plan.Holds)} }} AS held "
                + $"FOREACH (k IN CASE WHEN held THEN [n] ELSE [] END | SET k {reduce}k:{Placeholders.Label}{left.Replace("{0}", "k", StringComparison.Ordinal)}) "
                + "FOREACH (k IN CASE WHEN held THEN [] ELSE [n] END | DETACH DELETE k)", ShapeAnswer.Nothing),
        ];
    }
}
