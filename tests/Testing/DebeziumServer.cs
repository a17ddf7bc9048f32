using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace PolyglotSync.Testing;

/// <summary>Kafka Connect with Debezium's PostgreSQL connector, by the start script that POLYSYNC_DEBEZIUM_SERVER names or that lies in <c>shared/servers</c> beside the repository.</summary>
public sealed class DebeziumServer : IAsyncDisposable
{
    private static readonly ServerScript Script = new("POLYSYNC_DEBEZIUM_SERVER", "debezium-server");

    private readonly string _directory = Directory.CreateTempSubdirectory("polysync-debezium-").FullName;
    private readonly string _port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
    private readonly HttpClient _http;

    private DebeziumServer() => _http = ShortLived.Client(new Uri($"http://127.0.0.1:{_port}"), TimeSpan.FromSeconds(60));

    /// <summary>Why there is none here; null where there is. For <c>Skip.If</c>.</summary>
    public static string? Missing => Script.Missing is { } missing ? $"no Debezium here: {missing}" : null;

    /// <param name="kafka">Where it writes; on loopback.</param>
    /// <param name="withSchemas">Whether each message carries its schema, as Connect's JsonConverter does unless told otherwise.</param>
    public static async Task<DebeziumServer> StartAsync(KafkaServer kafka, bool withSchemas)
    {
        var server = new DebeziumServer();
        await Script.RunAsync(new Dictionary<string, string> { ["CONNECT_SCHEMAS"] = withSchemas ? "true" : "false" },
            "start", server._directory, kafka.BootstrapServers[(kafka.BootstrapServers.LastIndexOf(':') + 1)..], server._port);
        return server;
    }

    /// <summary>Takes a database into topics <c>PREFIX.schema.table</c> of four partitions: what is in the tables first, then what is committed.</summary>
    /// <param name="more">Further settings of the connector.</param>
    public async Task CaptureAsync(string connectionString, string prefix, IReadOnlyDictionary<string, string>? more = null)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var config = new Dictionary<string, string>
        {
            ["connector.class"] = "io.debezium.connector.postgresql.PostgresConnector",
            ["plugin.name"] = "pgoutput",
            ["database.hostname"] = database.Host!,
            ["database.port"] = database.Port.ToString(CultureInfo.InvariantCulture),
            ["database.user"] = database.Username!,
            ["database.password"] = database.Password ?? "",
            ["database.dbname"] = database.Database!,
            ["topic.prefix"] = prefix,
            ["slot.name"] = $"debezium_{prefix}",
            ["publication.name"] = $"debezium_{prefix}",
            ["topic.creation.default.partitions"] = "4",
            ["topic.creation.default.replication.factor"] = "1",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>()) config[name] = value;
        using var response = await _http.PostAsJsonAsync("/connectors", new { name = prefix, config });
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"Debezium refuses the connector: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Ends the connector; its slot stays.</summary>
    public async Task ReleaseAsync(string prefix)
    {
        using var response = await _http.DeleteAsync($"/connectors/{prefix}");
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What a task of the connector says of why it ended; null where it runs.</summary>
    public async Task<string?> FailureAsync(string prefix)
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync($"/connectors/{prefix}/status"));
        return status.RootElement.GetProperty("tasks").EnumerateArray().Select(t => t.TryGetProperty("trace", out var trace) ? trace.GetString() : null).FirstOrDefault(t => t is not null);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Script.RunAsync(new Dictionary<string, string>(), "kill", _directory);
        Directory.Delete(_directory, recursive: true);
    }
}
