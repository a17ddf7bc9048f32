using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace PolyglotSync.Testing;

/// <summary>
/// A Valkey with FalkorDB's module of its own for a test run: POLYSYNC_VALKEY_SERVER and POLYSYNC_FALKORDB_MODULE name them, else where <c>./polysync setup</c> puts them.
/// </summary>
public sealed partial class FalkorServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;
    private int _graphs;

    private FalkorServer(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    /// <summary>Why there is none here; null where there is. For <c>Skip.If</c>.</summary>
    public static string? Missing => Server() is null ? "valkey-server is missing (./polysync setup installs it)"
        : Module() is null ? "the embedded graph's falkordb.so is missing (./polysync setup fetches it)" : null;

    public int Port { get; }

    /// <summary>The address of a graph that nobody has used.</summary>
    public Uri NewGraph() => new(string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{Port}/g{Interlocked.Increment(ref _graphs)}"));

    public static async Task<FalkorServer> StartNewAsync()
    {
        var directory = Directory.CreateTempSubdirectory("polysync-falkor-").FullName;
        var port = FreePort.Next();
        var start = new ProcessStartInfo(Server()!) { WorkingDirectory = directory };
        foreach (var word in (string[])["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                     "--logfile", Path.Combine(directory, "server.log"), "--dir", directory, "--loadmodule", Module()!])
            start.ArgumentList.Add(word);
        var process = Process.Start(start) ?? throw new InvalidOperationException("valkey-server did not start");
        var server = new FalkorServer(process, directory, port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await server.AnswersAsync(limit.Token)) limit.Token.ThrowIfCancellationRequested();
        return server;
    }

    /// <summary>Stops the process where it is: it keeps its memory and its connections and answers nobody.</summary>
    public void Pause() => Signal(19);

    public void GoOn() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0) throw new InvalidOperationException($"signal {signal} could not be sent to valkey-server");
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited) throw new InvalidOperationException($"valkey-server ended with {_process.ExitCode}: {await File.ReadAllTextAsync(Path.Combine(_directory, "server.log"), cancellationToken)}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            return await client.GetStream().ReadAsync(new byte[16], cancellationToken) > 0;
        }
        catch (SocketException)
        {
            await Task.Delay(50, cancellationToken);
            return false;
        }
    }

    private static string? Server() =>
        new[] { Environment.GetEnvironmentVariable("POLYSYNC_VALKEY_SERVER"), RepositoryFile.Find(".polysync", "embedded", "valkey-server"), "/usr/bin/valkey-server", "/usr/local/bin/valkey-server" }
            .FirstOrDefault(File.Exists);

    private static string? Module() => Environment.GetEnvironmentVariable("POLYSYNC_FALKORDB_MODULE") is { Length: > 0 } named
        ? (File.Exists(named) ? named : null)
        : RepositoryFile.Find(".polysync", "embedded", "package", "bin", "falkordb.so") ?? RepositoryFile.Find(".polysync", "embedded", "bin", "falkordb.so");
}
