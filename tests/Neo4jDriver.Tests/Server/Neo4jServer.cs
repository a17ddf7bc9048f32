using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Server;

/// <summary>A real Neo4j of the tests' own on free ports, in a folder of its own; or the reason why there is none.</summary>
public abstract class Neo4jServer(string? password) : IAsyncLifetime
{
    /// <summary>The script's exit code where there is no JDK.</summary>
    private const int NoJava = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-neo4j-").FullName;
    private string? _script;

    public string? Missing { get; private set; }

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public async Task InitializeAsync()
    {
        _script = Script();
        if (_script == null)
        {
            Missing = "No Neo4j server: neither POLYSYNC_SERVERS nor ../shared/servers holds neo4j-server.";
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            var (exit, output) = await CallAsync("start", _folder, $"{Port}");
            if (exit == 0) return;
            if (exit == NoJava)
            {
                Missing = output;
                return;
            }
            // Somebody may have taken a port meanwhile.
            if (attempt == 3) throw new InvalidOperationException($"neo4j-server did not start: {output}");
        }
    }

    public async Task DisposeAsync()
    {
        if (_script != null && Missing == null) await CallAsync("stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Script()
    {
        var candidates = new List<string>();
        if (Environment.GetEnvironmentVariable("POLYSYNC_SERVERS") is { Length: > 0 } set) candidates.Add(set);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "shared", "servers"));
        }

        return candidates.Select(c => Path.Combine(c, "neo4j-server")).FirstOrDefault(File.Exists);
    }

    /// <summary>HTTP listens 213 below Bolt.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var bolt = new TcpListener(IPAddress.Loopback, 0);
            bolt.Start();
            var port = ((IPEndPoint)bolt.LocalEndpoint).Port;
            using var http = new TcpListener(IPAddress.Loopback, port - 213);
            try
            {
                http.Start();
                return port;
            }
            catch (SocketException)
            {
                // The other port is taken; try the next pair.
            }
        }
    }

    private async Task<(int Exit, string Output)> CallAsync(params string[] arguments)
    {
        // The script's server would hold a pipe open for as long as it runs: its words go to a file.
        var log = Path.Combine(_folder, "script.log");
        var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false };
        string[] words = ["-c", "exec \"$0\" \"$@\" > \"$LOG\" 2>&1 < /dev/null", _script!, .. arguments];
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment["LOG"] = log;
        start.Environment["NEO4J_HEAP"] = "512m";
        start.Environment["NEO4J_PAGECACHE"] = "64m";
        start.Environment["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1";
        if (password != null) start.Environment["NEO4J_PASSWORD"] = password;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return (process.ExitCode, await File.ReadAllTextAsync(log));
    }
}

public sealed class OpenServer() : Neo4jServer(null);

public sealed class LockedServer() : Neo4jServer(Password)
{
    public const string Password = "correct horse";
}
