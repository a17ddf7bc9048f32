namespace PolyglotSync.Deploy.Tests.Files;

/// <summary>A Dockerfile's instructions, continued lines joined.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Text)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Text)> Instructions { get; }

    public static Dockerfile Read()
    {
        var lines = Repository.Read("Dockerfile").Split('\n').Where(line => !line.TrimStart().StartsWith('#') && line.Trim().Length > 0);
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        return new Dockerfile([.. joined.Select(line => line.Trim().Split(' ', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1].Trim() : ""))]);
    }

    /// <summary>What comes after the last FROM: what is shipped.</summary>
    public IReadOnlyList<(string Name, string Text)> Shipped => [.. Instructions.Skip(Instructions.Select((i, at) => i.Name == "FROM" ? at : -1).Max())];

    /// <summary>What the build takes from the repository.</summary>
    public IEnumerable<string> Copied => Instructions.Where(i => i.Name == "COPY" && !i.Text.StartsWith("--from", StringComparison.Ordinal))
        .SelectMany(i => i.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipLast(1)).Select(path => path.TrimEnd('/'));

    /// <summary>ENV of what is shipped.</summary>
    public IReadOnlyDictionary<string, string> Environment => Shipped.Where(i => i.Name == "ENV")
        .SelectMany(i => i.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim('"'));
}
