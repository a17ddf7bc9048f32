namespace PolyglotSync.Testing.Oracle;

/// <summary>All nodes and relationships of a graph, values in the oracle's canonical text (<see cref="Canonical"/>): what the tables say, or what the graph holds.</summary>
public sealed class GraphPicture
{
    public List<PictureNode> Nodes { get; } = [];

    public List<PictureEdge> Edges { get; } = [];

    /// <summary>Labels, states or markers of the product that should not be in a graph at rest, each named.</summary>
    public List<string> Oddities { get; } = [];
}

/// <param name="Labels">Labels in ordinal order, joined by ':'.</param>
public sealed record PictureNode(string Labels, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Label and key properties: what names a node in both pictures.</summary>
    public string Identity(IReadOnlyDictionary<string, IReadOnlyList<string>> keys) =>
        keys.TryGetValue(Labels, out var key)
            ? $"(:{Labels} {{{string.Join(", ", key.Select(k => $"{k}: {Properties.GetValueOrDefault(k, "none")}"))}}})"
            : $"(:{Labels} {Render(Properties)})";

    public static string Render(IReadOnlyDictionary<string, string> properties) =>
        $"{{{string.Join(", ", properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {Shorten(p.Value)}"))}}}";

    public static string Shorten(string value) => value.Length <= 80 ? value : $"{value[..60]}… ({value.Length} characters)";
}

public sealed record PictureEdge(string Type, PictureNode Start, PictureNode End, IReadOnlyDictionary<string, string> Properties);
