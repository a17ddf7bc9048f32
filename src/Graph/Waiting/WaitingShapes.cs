using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Waiting;

/// <summary>
/// What is done for relationships that wait. A child with a foreign key waits as it is: its own properties say for whom. A row of a join table that lacks an end is kept whole in
/// a node of ours, labelled <c>:__PolySync</c> and <c>:`__PolySync schema.table`</c>, until both ends are there.
/// </summary>
internal static class WaitingShapes
{
    /// <summary>Rows: pipeline, name.</summary>
    public static readonly CypherShape Remember = new(
        "MATCH (s:__PolySync {pipeline: r[0]}) SET s.pipeline = r[0] WITH s, r WHERE NOT r[1] IN coalesce(s.waiting, []) SET s.waiting = coalesce(s.waiting, []) + [r[1]]",
        ShapeAnswer.Nothing);

    /// <summary>Rows hold the parent's key, then the values that its waiting children have.</summary>
    public static CypherShape JoinChildren(NodePlan parent, IncomingReference incoming)
    {
        var values = string.Join(", ", incoming.Columns.Select((c, i) => $"{Quote(c.Property)}: r[{parent.Key.Count + i}]"));
        return new($"MATCH (p:{Quote(parent.Label)} {CypherShapes.Map(parent.Key, 0)}) MATCH (c:{Quote(incoming.ChildLabel)} {{{values}}}) "
            + $"WHERE NOT (c)-[:{Quote(incoming.Type)}]->() WITH DISTINCT c, p CREATE (c)-[:{Quote(incoming.Type)}]->(p) RETURN count(c)", ShapeAnswer.Values);
    }

    /// <summary>FalkorDB's parser knows no backtick inside a name.</summary>
    public static string LabelOf(TableName join) => $"__PolySync {join}".Replace('`', '\'');

    /// <summary>Keeps those rows of which an end is missing. Rows hold the ends, then the sent fields.</summary>
    public static CypherShape Keep(JoinPlan plan, IReadOnlyList<Field> sent) =>
        new($"OPTIONAL MATCH {CypherShapes.Node("a", plan.Start, 0)} OPTIONAL MATCH {CypherShapes.Node("b", plan.End, plan.Start.Fields.Count)} "
            + $"WITH r, a, b WHERE a IS NULL OR b IS NULL MERGE (d:__PolySync:{Label(plan)} {Ends(plan)}){Set(plan, sent)}", ShapeAnswer.Nothing);

    public static CypherShape Update(JoinPlan plan, IReadOnlyList<Field> sent) => new($"{Find(plan)}{Set(plan, sent)}", ShapeAnswer.Nothing);

    public static CypherShape Delete(JoinPlan plan) => new($"{Find(plan)} DELETE d", ShapeAnswer.Nothing);

    /// <summary>Gives back <c>[row number, field, …]</c> for each row that waits.</summary>
    public static CypherShape Read(JoinPlan plan) =>
        new($"{Find(plan)} RETURN collect([r[{CypherShapes.Width(plan)}]{CypherShapes.Read("d", plan.Fields)}])", ShapeAnswer.Values);

    public static string Empty(JoinPlan plan) => $"MATCH (d:{Label(plan)}) WITH d LIMIT 20000 DELETE d RETURN count(d)";

    /// <summary>Makes the relationships of those rows whose ends are both there now. Rows hold the values of the end that came.</summary>
    public static CypherShape Release(IncomingJoin join)
    {
        var (plan, prefix) = (join.Plan, join.IsStart ? StartPrefix : EndPrefix);
        var found = string.Join(", ", join.End.Fields.Select((_, i) => $"{prefix}{i}: r[{i}]"));
        var properties = string.Join(", ", plan.Fields.Select(f => $"{Quote(f.Property)}: d.{Quote(f.Property)}"));
        return new($"MATCH (d:{Label(plan)} {{{found}}}) MATCH {EndOf("a", plan.Start, StartPrefix)} MATCH {EndOf("b", plan.End, EndPrefix)} WITH DISTINCT d, a, b "
            + $"MERGE (a)-[x:{Quote(plan.Type)}]->(b){(properties.Length == 0 ? "" : $" SET x = {{{properties}}}")} DELETE d RETURN count(x)",
            ShapeAnswer.Values);
    }

    /// <summary>The properties to index: those of each end.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Indexed(JoinPlan plan) =>
        [[.. plan.Start.Fields.Select((_, i) => $"{StartPrefix}{i}")], [.. plan.End.Fields.Select((_, i) => $"{EndPrefix}{i}")]];

    private const string StartPrefix = "__start";
    private const string EndPrefix = "__end";

    /// <summary>FalkorDB 4.16 loses properties where one query removes two: there the whole map is replaced (see <see cref="CypherShapes"/>).</summary>
    private static string Set(JoinPlan plan, IReadOnlyList<Field> sent)
    {
        if (sent.Count == 0 || plan.Dialect == GraphDialect.Neo4j) return CypherShapes.SetEach("d", sent, CypherShapes.Width(plan));
        var all = Own(plan).Select((p, i) => $"{p}: r[{i}]")
            .Concat(sent.Select((f, i) => $"{Quote(f.Property)}: r[{CypherShapes.Width(plan) + i}]"))
            .Concat(plan.Fields.Where(f => !sent.Contains(f)).Select(f => $"{Quote(f.Property)}: d.{Quote(f.Property)}"));
        return $" SET d = {{{string.Join(", ", all)}}}";
    }

    private static string Label(JoinPlan plan) => Quote(LabelOf(plan.Relation.Table));

    private static string Find(JoinPlan plan) => $"MATCH (d:{Label(plan)} {Ends(plan)})";

    private static IEnumerable<string> Own(JoinPlan plan) => Indexed(plan).SelectMany(p => p);

    private static string Ends(JoinPlan plan) => $"{{{string.Join(", ", Own(plan).Select((p, i) => $"{p}: r[{i}]"))}}}";

    private static string EndOf(string name, NodeEnd end, string prefix) =>
        $"({name}:{Quote(end.Label)} {{{string.Join(", ", end.Fields.Select((f, i) => $"{Quote(f.Property)}: d.{prefix}{i}"))}}})";
}
