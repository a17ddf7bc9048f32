namespace PolyglotSync.Deploy.Tests.Files;

/// <summary>The files under test, where they are in the repository.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    public static string Read(params ReadOnlySpan<string> parts) => File.ReadAllText(Path(parts));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "PolyglotSync.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no PolyglotSync.sln above {AppContext.BaseDirectory}");
    }
}
