namespace PolyglotSync.Graph.Writing;

internal static class Identifier
{
    /// <summary>A label, type or property in backticks, backticks inside doubled.</summary>
    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
