using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Manifests;

/// <summary>Manifests that a person names as files or folders.</summary>
public static class ManifestPaths
{
    private static readonly string[] Endings = [".yaml", ".yml"];

    /// <summary>A folder's manifests, by name; hidden files are none.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(f => Endings.Contains(Path.GetExtension(f)) && !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];

    /// <summary>The texts of what is named.</summary>
    /// <exception cref="PipelineFailure">Something cannot be read, or nothing is there.</exception>
    public static async Task<IReadOnlyList<ManifestFile>> ReadAsync(IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(named);
        var read = new List<ManifestFile>();
        foreach (var file in named.SelectMany(n => Directory.Exists(n) ? FilesOf(n) : [n]).Distinct())
        {
            try
            {
                read.Add(new ManifestFile(file, await File.ReadAllTextAsync(file, cancellationToken)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new PipelineFailure(FailureClass.Fatal, $"the manifest {file} cannot be read: {e.Message}", e) { ExitCode = ExitCode.InvalidManifest };
            }
        }
        return read;
    }
}
