namespace PolyglotSync.Testing.Oracle;

/// <summary>Every difference between what the tables say and what the graph holds, each as one readable line.</summary>
public static class PictureDiff
{
    public const int Shown = 20;

    public static IReadOnlyList<string> Compare(
        GraphPicture expected, GraphPicture actual, IReadOnlyDictionary<string, IReadOnlyList<string>> keys, Func<string, string>? equate = null)
    {
        equate ??= value => value;
        var differences = new List<string>(actual.Oddities);
        Compare(differences, "node", Group(expected.Nodes, n => n.Identity(keys), n => n.Properties, equate), Group(actual.Nodes, n => n.Identity(keys), n => n.Properties, equate));
        Compare(differences, "relationship", Group(expected.Edges, e => Name(e, keys), e => e.Properties, equate), Group(actual.Edges, e => Name(e, keys), e => e.Properties, equate));
        return differences;
    }

    /// <summary>Empty where there is no difference.</summary>
    public static string Describe(IReadOnlyList<string> differences) =>
        differences.Count == 0 ? "" : $"{differences.Count} differences between tables and graph:\n  "
            + string.Join("\n  ", differences.Take(Shown)) + (differences.Count > Shown ? $"\n  … and {differences.Count - Shown} more" : "");

    private static string Name(PictureEdge edge, IReadOnlyDictionary<string, IReadOnlyList<string>> keys) =>
        $"{edge.Start.Identity(keys)}-[:{edge.Type}]->{edge.End.Identity(keys)}";

    private static Dictionary<string, List<IReadOnlyDictionary<string, string>>> Group<T>(
        List<T> items, Func<T, string> name, Func<T, IReadOnlyDictionary<string, string>> properties, Func<string, string> equate) =>
        items.GroupBy(name).ToDictionary(g => g.Key,
            g => g.Select(i => (IReadOnlyDictionary<string, string>)properties(i).ToDictionary(p => p.Key, p => equate(p.Value)))
                .OrderBy(PictureNode.Render, StringComparer.Ordinal).ToList());

    private static void Compare(
        List<string> differences, string what,
        Dictionary<string, List<IReadOnlyDictionary<string, string>>> expected, Dictionary<string, List<IReadOnlyDictionary<string, string>>> actual)
    {
        foreach (var name in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var should = expected.GetValueOrDefault(name) ?? [];
            var does = actual.GetValueOrDefault(name) ?? [];
            if (should.Count > does.Count) differences.Add($"missing {what} {name}: {should.Count} expected, {does.Count} there");
            else if (should.Count < does.Count) differences.Add($"{(should.Count == 0 ? "ghost" : "duplicate")} {what} {name}: {should.Count} expected, {does.Count} there");
            for (var i = 0; i < Math.Min(should.Count, does.Count); i++) Properties(differences, $"{what} {name}", should[i], does[i]);
        }
    }

    private static void Properties(List<string> differences, string what, IReadOnlyDictionary<string, string> should, IReadOnlyDictionary<string, string> does)
    {
        foreach (var name in should.Keys.Union(does.Keys).Order(StringComparer.Ordinal))
        {
            var expected = should.GetValueOrDefault(name);
            var actual = does.GetValueOrDefault(name);
            if (expected != actual)
                differences.Add($"{what}: property {name} should be {Show(expected)} and is {Show(actual)}");
        }
    }

    private static string Show(string? value) => value is null ? "absent" : $"<{PictureNode.Shorten(value)}>";
}
