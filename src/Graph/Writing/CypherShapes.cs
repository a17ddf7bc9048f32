using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// The shapes of all statements over rows. Rows are lists, not maps, and each property is named: Neo4j takes about half
/// as many again of them a second. <c>r[0]</c> and on are the key's values, then the fields in order.
/// </summary>
internal static class CypherShapes
{
    public static CypherShape CreateNode(NodePlan plan) =>
        new($"CREATE (n:{Quote(plan.Label)} {Map(plan.Key.Concat(plan.Fields), 0)})", ShapeAnswer.Nothing);

    public static CypherShape MergeNode(NodePlan plan, IReadOnlyList<Field> sent) =>
        new($"MERGE (n:{Quote(plan.Label)} {Map(plan.Key, 0)}){Set("n", plan, plan.Key, 0, sent, plan.Key.Count)}", ShapeAnswer.Nothing);

    /// <summary>Sets the sent fields and gives back how many nodes were found and the row numbers (last value of each row) whose references moved.</summary>
    public static CypherShape UpdateNode(NodePlan plan, IReadOnlyList<Field> sent, bool tellsMoved)
    {
        var match = $"MATCH {ByKey("n", plan, 0)}";
        if (!tellsMoved) return new($"{match}{Set("n", plan, plan.Key, 0, sent, plan.Key.Count)} RETURN count(n) AS found", ShapeAnswer.Found);
        var compared = plan.References.Where(r => r.Stored is not null).SelectMany(r => r.Stored!).Distinct().Where(sent.Contains);
        var same = compared.Select(f => (Property: $"n.{Quote(f.Property)}", Value: $"r[{plan.Key.Count + sent.ToList().IndexOf(f)}]"))
            .Select(c => $"coalesce({c.Property} = {c.Value}, {c.Property} IS NULL AND {c.Value} IS NULL)");
        return new($"{match} WITH n, r, NOT ({string.Join(" AND ", same)}) AS other{Set("n", plan, plan.Key, 0, sent, plan.Key.Count)} "
            + $"RETURN count(n) AS found, collect(CASE WHEN other THEN r[{plan.Key.Count + sent.Count}] END) AS moved", ShapeAnswer.FoundAndMoved);
    }

    public static CypherShape DeleteNode(NodePlan plan) => new($"MATCH {ByKey("n", plan, 0)} DETACH DELETE n", ShapeAnswer.Nothing);

    /// <summary>Rows hold the old key, the new key, the fields.</summary>
    public static CypherShape RekeyNode(NodePlan plan, IReadOnlyList<Field> sent, bool mayBeDone)
    {
        var fresh = mayBeDone
            ? $" OPTIONAL MATCH {ByKey("x", plan, plan.Key.Count)} WITH r, n, x WHERE x IS NULL" : "";
        return new($"MATCH {ByKey("n", plan, 0)}{fresh}{Set("n", plan, plan.Key, plan.Key.Count, plan.Key.Concat(sent), plan.Key.Count)}",
            ShapeAnswer.Nothing);
    }

    /// <summary>Gives back <c>[row number, field, …]</c> for each node found by the key.</summary>
    public static CypherShape ReadNode(NodePlan plan) =>
        new($"MATCH {ByKey("n", plan, 0)} RETURN collect([r[{plan.Key.Count}]{Read("n", plan.Fields)}])", ShapeAnswer.Values);

    /// <summary>Both ends are there, the relationship is not. Gives back how many were made.</summary>
    public static CypherShape CreateReference(NodePlan plan, ReferencePlan reference) =>
        new($"MATCH {ByKey("c", plan, 0)} MATCH {ByKey("p", plan, reference.Parent, plan.Key.Count)} "
            + $"CREATE (c)-[:{Quote(reference.Type)}]->(p) RETURN count(p) AS found", ShapeAnswer.Found);

    /// <summary>Makes the child's one relationship of the type lead to the parent, or be gone where there is none. Gives back how many parents were missing.</summary>
    public static CypherShape MatchReference(NodePlan plan, ReferencePlan reference)
    {
        var type = Quote(reference.Type);
        var given = string.Join(" AND ", Enumerable.Range(plan.Key.Count, reference.Parent.Fields.Count).Select(i => $"r[{i}] IS NOT NULL"));
        return new($"MATCH {ByKey("c", plan, 0)} OPTIONAL MATCH {ByKey("p", plan, reference.Parent, plan.Key.Count)} "
            + $"OPTIONAL MATCH (c)-[o:{type}]->(x) "
            + "FOREACH (gone IN CASE WHEN o IS NOT NULL AND (p IS NULL OR x <> p) THEN [o] ELSE [] END | DELETE gone) "
            + $"FOREACH (to IN CASE WHEN p IS NOT NULL AND (o IS NULL OR x <> p) THEN [p] ELSE [] END | CREATE (c)-[:{type}]->(to)) "
            + $"RETURN count(CASE WHEN p IS NULL AND {given} THEN 1 END) AS missing", ShapeAnswer.Missing);
    }

    public static CypherShape CreateJoin(JoinPlan plan) =>
        new($"{Ends(plan)} CREATE (a)-[x:{Quote(plan.Type)}{(plan.Fields.Count == 0 ? "" : " " + Map(plan.Fields, Width(plan)))}]->(b) RETURN count(a) AS found",
            ShapeAnswer.Found);

    public static CypherShape MergeJoin(JoinPlan plan, IReadOnlyList<Field> sent) =>
        new($"{Ends(plan)} MERGE (a)-[x:{Quote(plan.Type)}]->(b){Set("x", plan, [], 0, sent, Width(plan))} RETURN count(a) AS found", ShapeAnswer.Found);

    public static CypherShape UpdateJoin(JoinPlan plan, IReadOnlyList<Field> sent) =>
        new($"{Ends(plan)} MATCH (a)-[x:{Quote(plan.Type)}]->(b){Set("x", plan, [], 0, sent, Width(plan))}", ShapeAnswer.Nothing);

    public static CypherShape DeleteJoin(JoinPlan plan) => new($"{Ends(plan)} MATCH (a)-[x:{Quote(plan.Type)}]->(b) DELETE x", ShapeAnswer.Nothing);

    /// <summary>Gives back <c>[row number, field, …]</c> for each relationship found.</summary>
    public static CypherShape ReadJoin(JoinPlan plan) =>
        new($"{Ends(plan)} MATCH (a)-[x:{Quote(plan.Type)}]->(b) RETURN collect([r[{Width(plan)}]{Read("x", plan.Fields)}])", ShapeAnswer.Values);

    public static int Width(JoinPlan plan) => plan.Start.Fields.Count + plan.End.Fields.Count;

    /// <summary><c>{`a`: r[0], `b`: r[1]}</c></summary>
    public static string Map(IEnumerable<Field> fields, int from) =>
        $"{{{string.Join(", ", fields.Select((f, i) => $"{Quote(f.Property)}: r[{from + i}]"))}}}";

    private static string Ends(JoinPlan plan) => $"MATCH {ByKey("a", plan, plan.Start, 0)} MATCH {ByKey("b", plan, plan.End, plan.Start.Fields.Count)}";

    public static string Node(string name, NodeEnd end, int from) => $"({name}:{Quote(end.Label)} {Map(end.Fields, from)})";

    private static string ByKey(string name, NodePlan plan, int from) =>
        $"({name}:{Quote(plan.Label)} {Map(plan.Key, from)}){Using(plan.Dialect, name, plan.Label, [.. plan.Key.Select(k => k.Property)])}";

    private static string ByKey(string name, TablePlan plan, NodeEnd end, int from) => $"{Node(name, end, from)}{Using(plan.Dialect, name, end.Label, end.Indexed)}";

    /// <summary>
    /// Names the index of a key of several columns. While the graph is empty an index of some of them, as a foreign key has it, looks as good to Neo4j and finds all rows of one parent;
    /// a whole query keeps its first plan (<see cref="Neo4j.WholeQueries"/>). FalkorDB has no such word.
    /// </summary>
    private static string Using(GraphDialect dialect, string name, string label, IReadOnlyList<string> indexed) =>
        dialect != GraphDialect.Neo4j || indexed.Count == 1 ? "" : $" USING INDEX {name}:{Quote(label)}({string.Join(", ", indexed.Select(Quote))})";

    public static string Read(string name, IReadOnlyList<Field> fields) => string.Concat(fields.Select(f => $", {name}.{Quote(f.Property)}"));

    /// <summary>Sets the fields one by one.</summary>
    public static string SetEach(string name, IEnumerable<Field> fields, int from)
    {
        var assignments = string.Join(", ", fields.Select((f, i) => $"{name}.{Quote(f.Property)} = r[{from + i}]"));
        return assignments.Length == 0 ? "" : " SET " + assignments;
    }

    /// <summary>
    /// Sets the fields. FalkorDB 4.16 loses or keeps the wrong properties where one query removes two of them and sets others (the removal moves the last one into the gap);
    /// there the whole map is replaced, in which what was not sent is what it was.
    /// </summary>
    public static string Set(string name, TablePlan plan, IReadOnlyList<Field> key, int keyFrom, IEnumerable<Field> fields, int from)
    {
        var written = fields.Select((f, i) => (Field: f, Value: $"r[{from + i}]")).ToList();
        if (written.Count == 0 || plan.Dialect == GraphDialect.Neo4j) return SetEach(name, written.Select(w => w.Field), from);
        var kept = plan.Fields.Where(f => written.TrueForAll(w => w.Field != f)).Select(f => $"{Quote(f.Property)}: {name}.{Quote(f.Property)}");
        var all = key.Where(k => written.TrueForAll(w => w.Field != k)).Select((k, i) => $"{Quote(k.Property)}: r[{keyFrom + i}]")
            .Concat(written.Select(w => $"{Quote(w.Field.Property)}: {w.Value}")).Concat(kept);
        return $" SET {name} = {{{string.Join(", ", all)}}}";
    }
}
