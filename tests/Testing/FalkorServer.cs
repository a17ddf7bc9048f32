using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace PolyglotSync.Testing;

/// <summary>
/// A Valkey with FalkorDB's module of its own for a test run: POLYSYNC_VALKEY_SERVER and POLYSYNC_FALKORDB_MODULE name them, else where <c>./polysync setup</c> puts them.
/// </summary>
public sealed partial class FalkorServer : IAsyncDisposable
{
    private const int KilledByUs = 128 + 9;

    private readonly string _directory;
    private readonly bool _isDurable;
    private Process _process;
    private int _graphs;

    private FalkorServer(string directory, int port, bool isDurable)
    {
        _directory = directory;
        _isDurable = isDurable;
        Port = port;
        _process = Launch();
    }

    /// <summary>Why there is none here; null where there is. For <c>Skip.If</c>.</summary>
    public static string? Missing => Server() is null ? "valkey-server is missing (./polysync setup installs it)"
        : Module() is null ? "the embedded graph's falkordb.so is missing (./polysync setup fetches it)" : null;

    public int Port { get; }

    /// <summary>The address of a graph that nobody has used.</summary>
    public Uri NewGraph() => new(string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{Port}/g{Interlocked.Increment(ref _graphs)}"));

    /// <param name="isDurable">True: each write is on disk before it is answered, and <see cref="StartAgainAsync"/> finds it; false: it holds everything in memory.</param>
    public static async Task<FalkorServer> StartNewAsync(bool isDurable = false)
    {
        var server = new FalkorServer(Directory.CreateTempSubdirectory("polysync-falkor-").FullName, FreePort.Next(), isDurable);
        await server.UntilAnswersAsync();
        return server;
    }

    /// <summary>Stops the process where it is: it keeps its memory and its connections and answers nobody.</summary>
    public void Pause() => Signal(19);

    public void GoOn() => Signal(18);

    /// <summary>Ends it without a goodbye, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch();
        await UntilAnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // whoever lost it was told that nothing answers; why, only its log says
        if (_process.HasExited && _process.ExitCode != KilledByUs)
            await Console.Error.WriteLineAsync($"valkey-server ended by itself with {_process.ExitCode}:\n{await File.ReadAllTextAsync(Path.Combine(_directory, "server.log"))}");
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0) throw new InvalidOperationException($"signal {signal} could not be sent to valkey-server");
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private Process Launch()
    {
        var start = new ProcessStartInfo(Server()!) { WorkingDirectory = _directory };
        string[] durability = _isDurable ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
        foreach (var word in (string[])["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", .. durability,
                     "--logfile", Path.Combine(_directory, "server.log"), "--dir", _directory, "--loadmodule", Module()!])
            start.ArgumentList.Add(word);
        return Process.Start(start) ?? throw new InvalidOperationException("valkey-server did not start");
    }

    private async Task UntilAnswersAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await AnswersAsync(limit.Token)) limit.Token.ThrowIfCancellationRequested();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited) throw new InvalidOperationException($"valkey-server ended with {_process.ExitCode}: {await File.ReadAllTextAsync(Path.Combine(_directory, "server.log"), cancellationToken)}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[16];
            var read = await client.GetStream().ReadAsync(answer, cancellationToken);
            if (read > 0 && answer[0] == '+') return true;
            // it is still reading what it had on disk
            await Task.Delay(50, cancellationToken);
            return false;
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
