namespace PolyglotSync.SyncNode.Manifests;

/// <summary>The folder in which a node keeps its manifests: one file each, written in one step, readable by its user alone.</summary>
internal sealed class ManifestFolder(string path)
{
    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Holds(string file) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)) == Path;

    /// <summary>A file for a pipeline that has none here yet.</summary>
    /// <param name="taken">Files of other pipelines.</param>
    public string FileFor(string pipeline, IReadOnlySet<string> taken)
    {
        var file = System.IO.Path.Combine(Path, $"{pipeline}.yaml");
        for (var i = 2; taken.Contains(file); i++) file = System.IO.Path.Combine(Path, $"{pipeline}-{i}.yaml");
        return file;
    }

    /// <exception cref="IOException">It cannot be written; what was there is there still.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not let the node write.</exception>
    /// <param name="said">When: the file's time says it to the next start.</param>
    public static void Write(string file, string text, DateTimeOffset said)
    {
        var fresh = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, $".{System.IO.Path.GetFileName(file)}.{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(fresh, options))
            {
                using (var writer = new StreamWriter(stream, leaveOpen: true)) writer.Write(text);
                stream.Flush(flushToDisk: true);
            }
            File.SetLastWriteTimeUtc(fresh, said.UtcDateTime);
            File.Move(fresh, file, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}
