using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolyglotSync.Testing;

/// <summary>
/// A Neo4j of its own for a test run, by the start script that POLYSYNC_NEO4J_SERVER names or that lies in <c>shared/servers</c> beside the repository; or the server that
/// POLYSYNC_TEST_NEO4J addresses (<c>bolt://host:port</c>, without authentication), whose data the tests delete.
/// </summary>
public sealed class Neo4jServer : IAsyncDisposable
{
    private readonly string? _directory;
    private readonly string _heap;
    private readonly string _pageCache;
    private readonly bool _isBrief;

    private Neo4jServer(Uri bolt, string? directory, string heap, string pageCache, bool isBrief)
    {
        Bolt = bolt;
        (_directory, _heap, _pageCache, _isBrief) = (directory, heap, pageCache, isBrief);
    }

    /// <summary>Why there is none here; null where there is. For <c>Skip.If</c>.</summary>
    public static string? Missing => Given() is not null || Script() is not null ? null
        : "no Neo4j here: POLYSYNC_TEST_NEO4J names no address, POLYSYNC_NEO4J_SERVER no start script, and shared/servers/neo4j-server is not beside the repository";

    public Uri Bolt { get; }

    /// <summary>The HTTP API: of a server of our own 213 ports below Bolt; of a given one POLYSYNC_TEST_NEO4J_HTTP, or port 7474 of its host.</summary>
    public Uri Http => _directory is not null
        ? new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Bolt.Port - 213}"))
        : new Uri(Environment.GetEnvironmentVariable("POLYSYNC_TEST_NEO4J_HTTP") is { Length: > 0 } given ? given : $"http://{Bolt.Host}:7474");

    /// <summary>True for a server of our own: it may be killed and started again.</summary>
    public bool IsOurs => _directory is not null;

    /// <param name="password">For user neo4j, 8 characters or more; null: no authentication.</param>
    /// <param name="heap">Of a server of our own, as java -Xmx takes it.</param>
    /// <param name="pageCache">Of a server of our own, as server.memory.pagecache.size takes it.</param>
    /// <param name="isBrief">A server that lives for minutes is compiled by Java's quick compiler alone: the thorough one takes more of two cores than it gives back. False where speed is measured.</param>
    public static async Task<Neo4jServer> StartNewAsync(string? password = null, string heap = "768m", string pageCache = "256m", bool isBrief = true)
    {
        if (password is null && Given() is { } given) return new Neo4jServer(new Uri(given), null, heap, pageCache, isBrief);
        for (var attempt = 1; ; attempt++)
        {
            var directory = Directory.CreateTempSubdirectory("polysync-neo4j-").FullName;
            var port = FreePair();
            try
            {
                var server = new Neo4jServer(new Uri(string.Create(CultureInfo.InvariantCulture, $"bolt://127.0.0.1:{port}")), directory, heap, pageCache, isBrief);
                await server.RunAsync(password, "start", directory, port.ToString(CultureInfo.InvariantCulture));
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // a port that was free when we looked was taken before the server had it
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    /// <summary>Ends it without a goodbye, as a crash would.</summary>
    public Task KillAsync() => RunAsync(null, "kill", _directory!);

    /// <summary>Starts it again on the same data and port.</summary>
    public Task StartAgainAsync() => RunAsync(null, "start", _directory!, Bolt.Port.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (_directory is null) return;
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string? Given() => Environment.GetEnvironmentVariable("POLYSYNC_TEST_NEO4J") is { Length: > 0 } address ? address : null;

    private static string? Script() => Environment.GetEnvironmentVariable("POLYSYNC_NEO4J_SERVER") is { Length: > 0 } named
        ? (File.Exists(named) ? named : null) : RepositoryFile.Find("shared", "servers", "neo4j-server");

    /// <summary>The script takes the port 213 below for HTTP: both must be free.</summary>
    private static int FreePair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = FreePort.Next();
            try
            {
                using var http = new TcpListener(IPAddress.Loopback, port - 213);
                http.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken: another pair
            }
        }
        throw new InvalidOperationException("no two free ports 213 apart were found in 100 attempts");
    }

    private async Task RunAsync(string? password, params string[] arguments)
    {
        // the server inherits the script's streams: they lead nowhere, so that nobody waits for their end
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        foreach (var word in (string[])["-c", "exec \"$0\" \"$@\" > /dev/null 2>&1", Script()!, .. arguments]) start.ArgumentList.Add(word);
        start.Environment["NEO4J_HEAP"] = _heap;
        start.Environment["NEO4J_PAGECACHE"] = _pageCache;
        if (_isBrief) start.Environment["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1";
        if (password is not null) start.Environment["NEO4J_PASSWORD"] = password;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(150));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"neo4j-server {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
