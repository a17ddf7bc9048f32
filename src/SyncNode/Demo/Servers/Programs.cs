namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>Finds programs as a shell does.</summary>
internal static class Programs
{
    /// <param name="first">Folders to look into before those of PATH.</param>
    public static string? OnPath(string program, params IEnumerable<string> first) =>
        first.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).Where(d => d.Length > 0).Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    /// <summary>What a person types for it: the name alone where PATH leads to it.</summary>
    public static string Typed(string path) => OnPath(Path.GetFileName(path)) == path ? Path.GetFileName(path) : path;
}
