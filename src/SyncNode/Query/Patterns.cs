namespace PolyglotSync.SyncNode.Query;

/// <summary>Nodes and relationships in a graph's answer, as Cypher writes them.</summary>
internal static class Patterns
{
    public static string Node(IEnumerable<string> labels, IEnumerable<KeyValuePair<string, string?>> properties) =>
        $"({string.Concat(labels.Select(l => $":{l}"))}{Map(properties, " ")})";

    public static string Relationship(string type, IEnumerable<KeyValuePair<string, string?>> properties) => $"[:{type}{Map(properties, " ")}]";

    public static string List(IEnumerable<string?> items) => $"[{string.Join(", ", items.Select(i => i ?? "null"))}]";

    public static string Map(IEnumerable<KeyValuePair<string, string?>> entries, string before = "")
    {
        var inside = string.Join(", ", entries.Select(e => $"{e.Key}: {e.Value ?? "null"}"));
        return inside.Length == 0 && before.Length > 0 ? "" : $"{before}{{{inside}}}";
    }
}
