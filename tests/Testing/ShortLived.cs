namespace PolyglotSync.Testing;

/// <summary>HTTP clients of the tests.</summary>
public static class ShortLived
{
    /// <summary>A client that never asks over a connection which the server may be closing: Neo4j closes what was idle for 30 s, just when a test comes back from a long wait.</summary>
    public static HttpClient Client(Uri address, TimeSpan timeout) =>
        new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = address, Timeout = timeout };
}
