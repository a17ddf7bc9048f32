using System.Globalization;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Testing.Servers;

/// <summary>A FalkorDB for a test run, with a way in that is not the product's client.</summary>
public sealed class LocalFalkor : IAsyncDisposable
{
    private readonly FalkorServer _server;

    private LocalFalkor(FalkorServer server) => _server = server;

    public static string? Missing => FalkorServer.Missing;

    public string Uri(string graph) => string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{_server.Port}/{graph}");

    public FalkorResp Connect() => new("127.0.0.1", _server.Port);

    public int Port => _server.Port;

    /// <param name="isDurable">True: each write is on disk before it is answered.</param>
    public static async Task<LocalFalkor> StartAsync(bool isDurable = false) => new(await FalkorServer.StartNewAsync(isDurable));

    /// <summary>Ends it without a goodbye, as a crash would.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it again on the same data and port.</summary>
    public Task StartAgainAsync() => _server.StartAgainAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
