using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Servers;

/// <summary>A Valkey with FalkorDB's module, of its own for a test run: POLYSYNC_VALKEY_SERVER and POLYSYNC_FALKORDB_MODULE, or where <c>./polysync setup</c> puts them.</summary>
public sealed class LocalFalkor : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private LocalFalkor(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    public static string? Missing => Server() is null ? "valkey-server is missing (./polysync setup installs it)"
        : Module() is null ? "the embedded graph falkordb.so is missing (./polysync setup fetches it)" : null;

    public int Port { get; }

    public string Uri(string graph) => string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{Port}/{graph}");

    public FalkorResp Connect() => new("127.0.0.1", Port);

    public static async Task<LocalFalkor> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ps-falkor-").FullName;
        var port = FreePort.Next();
        var start = new ProcessStartInfo(Server()!) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var word in (string[])["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                     "--logfile", Path.Combine(directory, "server.log"), "--dir", directory, "--loadmodule", Module()!])
            start.ArgumentList.Add(word);
        var server = new LocalFalkor(Process.Start(start)!, directory, port);
        await Eventually.AsyncTrue(() => Task.FromResult(server.Answers()), TimeSpan.FromSeconds(30), "FalkorDB answers");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private bool Answers()
    {
        try
        {
            using var client = Connect();
            return client.Command("PING") is "PONG";
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Server() =>
        new[] { Environment.GetEnvironmentVariable("POLYSYNC_VALKEY_SERVER"), "/usr/bin/valkey-server", "/usr/local/bin/valkey-server" }.FirstOrDefault(File.Exists);

    private static string? Module()
    {
        if (Environment.GetEnvironmentVariable("POLYSYNC_FALKORDB_MODULE") is { Length: > 0 } named) return File.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var module = Path.Combine(folder.FullName, ".polysync", "embedded", "bin", "falkordb.so");
            if (File.Exists(module)) return module;
        }
        return null;
    }
}
