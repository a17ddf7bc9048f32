using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>
/// A placeholder: a node of which nothing is known but the key by which others refer to it. It has its label, <c>:__Placeholder</c> beside it, and at least one relationship; with the last
/// it goes. Whoever takes a relationship away looks, in the same statement, whether that was the last.
/// </summary>
internal static class Placeholders
{
    public const string Label = "__Placeholder";

    /// <summary>A row's node whose other keys are about to change: nobody is to find it by them any more.</summary>
    public const string Leaving = "__Leaving";

    /// <summary>True of a placeholder that nothing holds. (FalkorDB evaluates a condition on a node where the node is first met, perhaps before what a statement deletes is gone.)</summary>
    public static string IsLeft(string name, IReadOnlyList<string> holds) => $"{name}:{Label} AND {HoldsNone(name, holds)}";

    public static string HoldsNone(string name, IReadOnlyList<string> holds) => holds.Count == 0 ? "true" : $"NOT {Held(name, holds)}";

    /// <summary>A pattern of any relationship that holds the node.</summary>
    public static string Held(string name, IReadOnlyList<string> holds) => $"({name})-[:{string.Join('|', holds.Select(Quote))}]-()";

    /// <summary>Deletes those ends that are nothing but placeholders, and held by nothing any more. To be put behind a DELETE of what held them.</summary>
    /// <param name="ends">A list of nodes, perhaps of one twice.</param>
    public static string Release(string ends, IEnumerable<string> holds) =>
        $" WITH {ends} AS ends UNWIND ends AS e WITH DISTINCT e WHERE {IsLeft("e", [.. holds.Distinct()])} DETACH DELETE e";

    /// <summary>
    /// Takes the lock of a node before it is looked at: two transactions that each take one of its last relationships away would each see the other's. FalkorDB runs one query at a time.
    /// </summary>
    public static string Lock(TablePlan plan, string name, NodeEnd end) => Lock(plan.Dialect, name, end.Fields[0].Property);

    public static string Lock(GraphDialect dialect, string name, string property) =>
        dialect == GraphDialect.Neo4j ? $" SET {name}.{Quote(property)} = {name}.{Quote(property)}" : "";

    /// <summary>True where the properties are the row's values; NULL is no property.</summary>
    public static string Same(string name, IEnumerable<(string Property, string Value)> compared)
    {
        var same = compared.Select(c => (Property: $"{name}.{Quote(c.Property)}", c.Value)).Select(c => $"coalesce({c.Property} = {c.Value}, {c.Property} IS NULL AND {c.Value} IS NULL)");
        return $"({string.Join(" AND ", same)})";
    }

    /// <summary>Deletes what an interrupted statement, a truncated table or a dropped foreign key left without a hold.</summary>
    public static string Sweep(string label, IReadOnlyList<string> holds) =>
        $"MATCH (x:{Label}:{Quote(label)}) WHERE {HoldsNone("x", holds)} WITH x LIMIT 20000 DETACH DELETE x RETURN count(x)";
}
