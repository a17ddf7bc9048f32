using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Servers;

/// <summary>A Neo4j of its own for a test run, by the script that POLYSYNC_NEO4J_SERVER names or that lies in <c>../shared/servers</c>.</summary>
public sealed class LocalNeo4j : IAsyncDisposable
{
    private readonly string _directory;

    private LocalNeo4j(string directory, int port)
    {
        _directory = directory;
        Bolt = string.Create(CultureInfo.InvariantCulture, $"bolt://127.0.0.1:{port}");
        Http = new Neo4jHttp(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port - 213}")));
    }

    public static string? Missing => Script() is null ? "no Neo4j here (POLYSYNC_NEO4J_SERVER names no start script and ../shared/servers/neo4j-server is not there)" : null;

    public string Bolt { get; }

    public Neo4jHttp Http { get; }

    public static async Task<LocalNeo4j> StartAsync(string? password = null)
    {
        var directory = Directory.CreateTempSubdirectory("ps-neo4j-").FullName;
        var port = FreePair();
        await RunAsync(["start", directory, port.ToString(CultureInfo.InvariantCulture)], password);
        return new LocalNeo4j(directory, port);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await RunAsync(["kill", _directory], null);
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The script takes the port 213 below for HTTP: both must be free.</summary>
    private static int FreePair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = FreePort.Next();
            try
            {
                using var http = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port - 213);
                http.Start();
                return port;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // taken: another pair
            }
        }
        throw new InvalidOperationException("no two free ports 213 apart were found in 100 attempts");
    }

    private static async Task RunAsync(string[] arguments, string? password)
    {
        // the server inherits the script's streams: they go to nobody, so that nothing waits for their end
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" > /dev/null 2>&1");
        start.ArgumentList.Add(Script()!);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["NEO4J_HEAP"] = "768m";
        if (password is not null) start.Environment["NEO4J_PASSWORD"] = password;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"neo4j-server {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static string? Script()
    {
        if (Environment.GetEnvironmentVariable("POLYSYNC_NEO4J_SERVER") is { Length: > 0 } named) return File.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "servers", "neo4j-server");
            if (File.Exists(script)) return script;
        }
        return null;
    }
}
