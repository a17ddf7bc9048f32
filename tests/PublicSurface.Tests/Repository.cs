using System.Reflection;

namespace PolyglotSync.PublicSurface.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Built from this repository rather than taken from a package.</summary>
    public static bool IsOurs(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company == typeof(Repository).Assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PolyglotSync.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No PolyglotSync.sln above {AppContext.BaseDirectory}.");
    }
}
