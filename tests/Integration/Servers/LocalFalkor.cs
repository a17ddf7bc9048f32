using System.Globalization;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Servers;

/// <summary>A FalkorDB for a test run, with a way in that is not the product's client.</summary>
public sealed class LocalFalkor : IAsyncDisposable
{
    private readonly FalkorServer _server;

    private LocalFalkor(FalkorServer server) => _server = server;

    public static string? Missing => FalkorServer.Missing;

    public string Uri(string graph) => string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{_server.Port}/{graph}");

    public FalkorResp Connect() => new("127.0.0.1", _server.Port);

    public static async Task<LocalFalkor> StartAsync() => new(await FalkorServer.StartNewAsync());

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
