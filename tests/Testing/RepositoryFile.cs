namespace PolyglotSync.Testing;

/// <summary>Files beside or above the test's program: in the repository, or in a folder next to it.</summary>
internal static class RepositoryFile
{
    public static string? Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine([folder.FullName, .. path]);
            if (File.Exists(file)) return file;
        }
        return null;
    }
}
