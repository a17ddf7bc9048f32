using System.Text;
using System.Text.RegularExpressions;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The tables of docs/manifest.md, between the markers <c>&lt;!-- keys: NAME --&gt;</c> and <c>&lt;!-- end of keys --&gt;</c>.</summary>
internal static partial class ManifestTables
{
    private static readonly Dictionary<string, IReadOnlyList<ManifestKey>> Sections = new()
    {
        ["top"] = TopKeys.All, ["source"] = SourceKeys.All, ["target"] = TargetKeys.All, ["kafka"] = KafkaKeys.All, ["limits"] = LimitKeys.All, ["tables"] = TableKeys.All,
    };

    /// <summary>The text with every table between markers made anew.</summary>
    /// <exception cref="FormatException">A section has no markers, or markers name no section.</exception>
    public static string Renew(string docs)
    {
        var seen = new HashSet<string>();
        var renewed = Marked().Replace(docs, match =>
        {
            var name = match.Groups["name"].Value;
            if (!Sections.TryGetValue(name, out var keys)) throw new FormatException($"the marker '<!-- keys: {name} -->' names no section; there are {string.Join(", ", Sections.Keys)}");
            seen.Add(name);
            return $"<!-- keys: {name} -->\n{Table(keys)}<!-- end of keys -->";
        });
        var missing = Sections.Keys.Except(seen).ToList();
        return missing.Count == 0 ? renewed : throw new FormatException($"there are no markers for {string.Join(", ", missing)}: '<!-- keys: NAME -->' and, below, '<!-- end of keys -->'");
    }

    public static string Table(IReadOnlyList<ManifestKey> keys)
    {
        var text = new StringBuilder("| key | default | says |\n|---|---|---|\n");
        foreach (var key in keys) Row(text, "", key);
        return text.ToString();
    }

    private static void Row(StringBuilder text, string prefix, ManifestKey key)
    {
        // a small mapping inside is shown by its keys
        if (key is SectionKey { Keys.Count: <= 2 } small) foreach (var inner in small.Keys) Row(text, $"{key.Name}.", inner);
        else text.Append($"| `{prefix}{key.Name}` | {key.DefaultText} | {key.Sentence} |\n");
    }

    [GeneratedRegex("<!-- keys: (?<name>[a-z]+) -->\n(?:.*?)<!-- end of keys -->", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
