using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Testing.Servers;

/// <summary>A Neo4j for a test run, with a way in that is not the driver's.</summary>
public sealed class LocalNeo4j : IAsyncDisposable
{
    private readonly Neo4jServer _server;

    private LocalNeo4j(Neo4jServer server, string? password)
    {
        _server = server;
        Http = new Neo4jHttp(server.Http, password);
    }

    public static string? Missing => Neo4jServer.Missing;

    public string Bolt => _server.Bolt.GetLeftPart(UriPartial.Authority);

    public Neo4jHttp Http { get; }

    public bool IsOurs => _server.IsOurs;

    /// <param name="transactionMemoryMb">What all transactions together may take; 0: the server's default, most of the heap.</param>
    public static async Task<LocalNeo4j> StartAsync(string? password = null, int transactionMemoryMb = 0)
    {
        // the script that starts the server writes its settings; a line break lets another one in
        var pageCache = transactionMemoryMb == 0 ? "256m" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"256m\ndbms.memory.transaction.total.max={transactionMemoryMb}m");
        return new LocalNeo4j(await Neo4jServer.StartNewAsync(password, pageCache: pageCache), password);
    }

    /// <summary>Ends it without a goodbye, as a crash would.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it again on the same data and ports.</summary>
    public Task StartAgainAsync() => _server.StartAgainAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}
