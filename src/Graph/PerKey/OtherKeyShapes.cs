using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.CypherShapes;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>
/// Relationships of foreign keys to a unique key that is not the nodes' own. What leads to a node by such a key leads to whichever node has the value: so they are handed over when a row gives a
/// value up (to another row that has it, else to a placeholder known by it), and taken over when a row gets one. Rare, and so not made for speed.
/// </summary>
internal static class OtherKeyShapes
{
    /// <summary>Neo4j: who touches a key of this kind goes alone, since no constraint keeps two from making the same placeholder. Rows hold the lock's name.</summary>
    public static readonly CypherShape Lock = new("MERGE (s:__PolySync {pipeline: r[0]}) SET s.updated_at = datetime()", ShapeAnswer.Nothing);

    public static string LockOf(string pipeline, TableName table, IEnumerable<Field> fields) =>
        $"{pipeline}?{table}({string.Join(',', fields.Select(f => f.Property).Order(StringComparer.Ordinal))})";

    /// <summary>From here on nobody finds the node by a key that it gives up. Rows hold the key, then the values that it is about to get, NULL for none.</summary>
    /// <param name="sent">Those of the key's fields that are about to be written.</param>
    public static CypherShape MarkLeaving(NodePlan plan, IReadOnlyList<Field> sent) =>
        new($"MATCH {Node(plan)} WHERE NOT n:{Placeholders.Label} AND NOT {Unchanged(plan, sent)} SET n:{Placeholders.Leaving}", ShapeAnswer.Nothing);

    /// <summary>Hands over what leads to a node by a value that it gives up. Rows as above.</summary>
    public static CypherShape Leave(NodePlan plan, OtherKeyPlan key, IReadOnlyList<Field> sent, HeldBy by)
    {
        var values = $"{{{string.Join(", ", key.Fields.Select(f => $"{Quote(f.Property)}: n.{Quote(f.Property)}"))}}}";
        return new($"MATCH {Node(plan)} WHERE n:{Placeholders.Leaving} AND NOT {Unchanged(plan, sent)} MATCH {Pattern("c", "o", "n", by, withLabel: true)} "
            + $"OPTIONAL MATCH (q:{Quote(plan.Label)} {values}) WHERE NOT q:{Placeholders.Label} AND NOT q:{Placeholders.Leaving} WITH n, c, o, head(collect(q)) AS q "
            + $"FOREACH (t IN CASE WHEN q IS NULL THEN [] ELSE [q] END | CREATE {Pattern("c", "m", "t", by)} SET m = properties(o)) "
            + $"FOREACH (i IN CASE WHEN q IS NULL THEN [1] ELSE [] END | MERGE (t:{Quote(plan.Label)}:{Placeholders.Label} {values}) CREATE {Pattern("c", "m", "t", by)} SET m = properties(o)) "
            + "DELETE o", ShapeAnswer.Nothing);
    }

    /// <summary>Takes over what leads to placeholders of the node's value: one of two rows that have it for a while. Rows hold the key.</summary>
    public static CypherShape Settle(NodePlan plan, OtherKeyPlan key, HeldBy by) =>
        new($"MATCH {Node(plan)} WITH n MATCH {SameValue(plan, key)} WHERE p:{Placeholders.Label} MATCH {Pattern("c", "o", "p", by, withLabel: true)} "
            + $"WITH c, o, head(collect(n)) AS one FOREACH (t IN [one] | CREATE {Pattern("c", "m", "t", by)} SET m = properties(o)) DELETE o", ShapeAnswer.Nothing);

    /// <summary>Deletes placeholders of the node's value that nothing holds any more. Rows hold the key.</summary>
    public static CypherShape Clear(NodePlan plan, OtherKeyPlan key) =>
        new($"MATCH {Node(plan)} WITH n MATCH {SameValue(plan, key)} WHERE {Placeholders.IsLeft("p", plan.Holds)} DETACH DELETE p", ShapeAnswer.Nothing);

    /// <summary>As <see cref="Leave"/> for every row of a table, to placeholders. Gives back how many were handed over.</summary>
    public static string LeaveAll(NodePlan plan, OtherKeyPlan key, HeldBy by)
    {
        var values = string.Join(", ", key.Fields.Select((f, i) => $"n.{Quote(f.Property)} AS v{i}"));
        var found = string.Join(", ", key.Fields.Select((f, i) => $"{Quote(f.Property)}: v{i}"));
        var kept = string.Join(", ", key.Fields.Select((_, i) => $"v{i}"));
        return $"MATCH (n:{Quote(plan.Label)}) WHERE NOT n:{Placeholders.Label} MATCH {Pattern("c", "o", "n", by, withLabel: true)} WITH c, o, {values} LIMIT 20000 "
            + $"MERGE (t:{Quote(plan.Label)}:{Placeholders.Label} {{{found}}}) WITH c, o, t, {kept} CREATE {Pattern("c", "m", "t", by)} SET m = properties(o) DELETE o RETURN count(m)";
    }

    private static string Node(NodePlan plan) => $"(n:{Quote(plan.Label)} {Map(plan.Key, 0)})";

    private static string SameValue(NodePlan plan, OtherKeyPlan key) =>
        $"(p:{Quote(plan.Label)} {{{string.Join(", ", key.Fields.Select(f => $"{Quote(f.Property)}: n.{Quote(f.Property)}"))}}})";

    private static string Unchanged(NodePlan plan, IReadOnlyList<Field> sent) => Placeholders.Same("n", sent.Select((f, i) => (f.Property, $"r[{plan.Key.Count + i}]")));

    private static string Pattern(string far, string relationship, string near, HeldBy by, bool withLabel = false)
    {
        var end = withLabel ? $"({far}:{Quote(by.Label)})" : $"({far})";
        return by.IsIncoming ? $"{end}-[{relationship}:{Quote(by.Type)}]->({near})" : $"({near})-[{relationship}:{Quote(by.Type)}]->{end}";
    }
}
