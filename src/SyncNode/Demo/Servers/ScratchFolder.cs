namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>A fresh folder for the demo's servers; gone at the end, whatever the end is.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly EventHandler _atExit;

    public ScratchFolder()
    {
        Path = Directory.CreateTempSubdirectory("polysync-demo-").FullName;
        // PostgreSQL's own user must reach its cluster inside.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _atExit = (_, _) => Dispose();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    public string Path { get; }

    public string Within(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
