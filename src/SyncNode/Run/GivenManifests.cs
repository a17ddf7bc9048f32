using PolyglotSync.Cli.Manifests;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Changes;

namespace PolyglotSync.SyncNode.Run;

/// <summary>The manifests that a command was given, as files and folders.</summary>
/// <param name="Mistakes">Of all of them, a line each, in the order of the files; a manifest with one is not among those that were read.</param>
/// <param name="Folder">The one folder among what was given; null: none.</param>
internal sealed record GivenManifests(IReadOnlyList<Manifest> Manifests, IReadOnlyList<string> Mistakes, ManifestFolder? Folder)
{
    /// <param name="named">Files and folders.</param>
    /// <param name="folder">A further folder, which is made where it is missing.</param>
    /// <exception cref="PipelineFailure">A file cannot be read, or there is more than one folder.</exception>
    public static GivenManifests Read(IReadOnlyList<string> named, ManifestReader reader, string? folder = null)
    {
        var folders = named.Where(Directory.Exists).Concat(folder is null ? [] : [Made(folder)]).Select(Path.GetFullPath).Distinct().ToList();
        if (folders.Count > 1) throw new PipelineFailure(FailureClass.Fatal, $"more than one folder of manifests: {string.Join(", ", folders)}; what is applied is kept in one") { ExitCode = ExitCode.Usage };
        var mistakes = new List<string>();
        var read = new List<Manifest>();
        foreach (var file in named.Where(n => !Directory.Exists(n)).Concat(folders.SelectMany(ManifestPaths.FilesOf)))
        {
            var own = new ManifestMistakes(file);
            if (reader.TryReadFile(file, own) is { } manifest) read.Add(manifest);
            mistakes.AddRange(own.Lines);
        }
        mistakes.AddRange(ManifestClashes.Find([.. read.Select(m => new PipelineInSet(m.File, m.Settings, m))]));
        return new GivenManifests(read, mistakes, folders.Count == 1 ? new ManifestFolder(folders[0]) : null);
    }

    /// <exception cref="PipelineFailure">Every mistake; or there is no manifest.</exception>
    public IReadOnlyList<Manifest> Required()
    {
        if (Mistakes.Count > 0) throw ManifestMistakes.FailureOf(Mistakes, Manifests.Count > 0 ? "the manifests have" : "the manifest has");
        return Manifests.Count > 0 ? Manifests : throw new PipelineFailure(FailureClass.Fatal, $"there is no manifest in {Folder?.Path}: no file ends in .yaml or .yml") { ExitCode = ExitCode.InvalidManifest };
    }

    private static string Made(string folder)
    {
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the folder {folder} for manifests cannot be made: {e.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }
}

/// <summary>What a node is to run, and what it was given that it cannot.</summary>
internal sealed record GivenPipelines(IReadOnlyList<(PipelineSettings Settings, Manifest? Manifest)> Pipelines, IReadOnlyList<string> Mistakes, ManifestFolder? Folder)
{
    /// <summary>In a folder one manifest's mistake is not the others' business; of two that clash the first is run. Files that a person names are right as a whole, or nothing is run.</summary>
    public static GivenPipelines Of(GivenManifests given, PipelineSettings? settings)
    {
        if (given.Folder is null) return new GivenPipelines(settings is null ? [.. given.Required().Select(m => (m.Settings, (Manifest?)m))] : [(settings, null)], [], null);
        var taken = new List<Manifest>();
        foreach (var manifest in given.Manifests)
        {
            if (ManifestClashes.Find([.. taken.Append(manifest).Select(m => new PipelineInSet(m.File, m.Settings, m))]).Count == 0) taken.Add(manifest);
        }
        return new GivenPipelines([.. taken.Select(m => (m.Settings, (Manifest?)m)), .. settings is null ? [] : ((PipelineSettings, Manifest?)[])[(settings, null)]], given.Mistakes, given.Folder);
    }
}
