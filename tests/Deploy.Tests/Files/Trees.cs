using System.Text.Json.Nodes;

namespace PolyglotSync.Deploy.Tests.Files;

/// <summary>Ways through a JSON tree.</summary>
internal static class Trees
{
    /// <summary>The node at a path of keys and indexes, <c>spec/template/containers/0</c>; null where there is none.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('/'))
        {
            node = node switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, out var at) && at < list.Count => list[at],
                _ => null,
            };
        }
        return node;
    }

    public static string Text(this JsonNode? node, string path) => node.At(path)?.ToString() ?? "";

    public static IEnumerable<JsonNode> Each(this JsonNode? node, string path) => node.At(path) is JsonArray list ? list.OfType<JsonNode>() : [];

    public static IEnumerable<string> Texts(this JsonNode? node, string path) => node.Each(path).Select(n => n.ToString());

    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, string path) =>
        node.At(path) is JsonObject map ? map.ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "") : new Dictionary<string, string>();

    /// <summary>Every text in it.</summary>
    public static IEnumerable<string> Leaves(this JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Value.Leaves()),
        JsonArray list => list.SelectMany(Leaves),
        null => [],
        _ => [node.ToString()],
    };
}
