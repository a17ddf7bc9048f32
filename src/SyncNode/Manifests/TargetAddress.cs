using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>
/// Where the graph is, from a URI: <c>bolt://[user[:password]@]host[:port][/database]</c> (also neo4j, +s, +ssc) or
/// <c>falkor://[user[:password]@]host[:port]/graph</c> (also redis). What the URI does not say comes from <c>POLYSYNC_TARGET_USER</c> and
/// <c>POLYSYNC_TARGET_PASSWORD</c>, or from the file that the same name with <c>_FILE</c> names.
/// </summary>
internal static class TargetAddress
{
    private static readonly string[] Bolt = ["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"];
    private static readonly string[] Falkor = ["falkor", "redis", "rediss"];

    /// <exception cref="FormatException">What is wrong with the address, and how one looks.</exception>
    public static TargetSettings Parse(string text, string? user, string? password, string? database, Func<string, string?> environment)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw new FormatException("this is not a target's address; it looks like bolt://localhost:7687 or falkor://localhost:6379/social");
        }
        var isBolt = Bolt.Contains(uri.Scheme);
        if (!isBolt && !Falkor.Contains(uri.Scheme))
        {
            throw new FormatException($"no target speaks '{uri.Scheme}'; use one of {string.Join(", ", [.. Bolt, .. Falkor])}");
        }
        var path = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (path.Contains('/')) throw new FormatException($"the path '{path}' names no {(isBolt ? "database" : "graph")}; one word is enough");
        if (!isBolt && path.Length == 0) throw new FormatException($"the graph's name is missing; add it as the path: {uri.Scheme}://{uri.Authority}/social");

        var parts = uri.UserInfo.Split(':', 2);
        var clean = new UriBuilder(uri) { UserName = "", Password = "" };
        if (isBolt) clean.Path = "";
        return new TargetSettings
        {
            Uri = clean.Uri,
            User = First(user, parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null, Secret("POLYSYNC_TARGET_USER", environment)),
            Password = First(password, parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null, Secret("POLYSYNC_TARGET_PASSWORD", environment)),
            Database = First(database, isBolt && path.Length > 0 ? path : null, null),
        };
    }

    private static string? First(string? a, string? b, string? c) => !string.IsNullOrEmpty(a) ? a : !string.IsNullOrEmpty(b) ? b : c;

    private static string? Secret(string name, Func<string, string?> environment)
    {
        if (environment(name) is { Length: > 0 } value) return value;
        if (environment($"{name}_FILE") is not { Length: > 0 } path) return null;
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"the file that {name}_FILE names cannot be read: {e.Message}", e);
        }
    }
}
