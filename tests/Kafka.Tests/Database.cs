using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests;

/// <summary>One PostgreSQL for the tests that capture; each takes a database of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    private PostgresServer? _server;

    public static string? Missing => PostgresServer.Missing;

    public PostgresServer Server => _server!;

    public async Task InitializeAsync()
    {
        if (Missing is null) _server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["max_replication_slots"] = "100", ["max_wal_senders"] = "100" });
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
