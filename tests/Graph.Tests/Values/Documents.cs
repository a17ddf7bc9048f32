namespace PolyglotSync.Graph.Tests.Values;

/// <summary>The repository's docs.</summary>
internal static class Documents
{
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "docs", name);
            if (File.Exists(file)) return file;
        }
        throw new InvalidOperationException($"docs/{name} is not above the tests");
    }
}
