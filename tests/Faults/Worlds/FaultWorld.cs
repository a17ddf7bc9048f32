using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Network;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Worlds;

/// <summary>A fresh database and graph, a proxy before each, and a node between the proxies.</summary>
public sealed class FaultWorld : IAsyncDisposable
{
    public const string Pipeline = "test";

    private readonly string _manifest;

    private FaultWorld(FaultServers servers, PostgresServer postgres, string database, GraphKind kind, TcpProxy source, TcpProxy target, string settings, Consistency consistency)
    {
        Servers = servers;
        Postgres = postgres;
        Database = database;
        Kind = kind;
        Source = source;
        Target = target;
        Consistency = consistency;
        Graph = new GraphView(servers, kind, database);
        _manifest = Path.Combine(Path.GetTempPath(), $"ps-faults-{database}.yaml");
        File.WriteAllText(_manifest, Manifest(settings));
        Node = new NodeKeeper(_manifest);
    }

    public FaultServers Servers { get; }

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public GraphKind Kind { get; }

    public Consistency Consistency { get; }

    /// <summary>Between the node and PostgreSQL.</summary>
    public TcpProxy Source { get; }

    /// <summary>Between the node and the graph.</summary>
    public TcpProxy Target { get; }

    public GraphView Graph { get; }

    public NodeKeeper Node { get; }

    /// <summary>PostgreSQL itself, past the proxy.</summary>
    public string Direct => Postgres.ConnectionString(Database);

    /// <param name="settings">Lines of the manifest: <c>limits: …</c>.</param>
    public static async Task<FaultWorld> NewAsync(FaultServers servers, GraphKind kind, Consistency consistency, string settings = Impatient)
    {
        var postgres = await servers.PostgresAsync();
        if (kind == GraphKind.Falkor) await servers.RenewFalkorAsync();
        var graph = await servers.GraphPortAsync(kind);
        var database = await postgres.CreateDatabaseAsync();
        var world = new FaultWorld(servers, postgres, database, kind, new TcpProxy(postgres.Port), new TcpProxy(graph), settings, consistency);
        await world.Graph.WipeAsync();
        return world;
    }

    /// <summary>Short pauses, so that a run sees many tries.</summary>
    public const string Impatient = "limits: { retry_min_backoff_ms: 20, retry_max_backoff_ms: 500, watermark_interval_ms: 500 }";

    public Task SqlAsync(string sql) => Postgres.ExecuteAsync(sql, Database);

    public Task<T?> ScalarAsync<T>(string sql) => Postgres.ScalarAsync<T>(sql, Database);

    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(Direct + ";Pooling=false;Timeout=5");
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the graph holds all that is committed now.</summary>
    /// <returns>Up to where.</returns>
    public async Task<string> CaughtUpAsync(TimeSpan within)
    {
        var lsn = (await ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text"))!;
        await Node.UntilStreamingAsync(within);
        if (await Node.Current.Api.WaitAsync(Pipeline, lsn, (int)within.TotalMilliseconds)) return lsn;
        throw new TimeoutException($"the watermark did not reach {lsn} within {within.TotalSeconds:0} s; status: {(await Node.Current.Api.StatusAsync(Pipeline))?.Pipeline}");
    }

    /// <summary>Every difference between the tables and the graph, now.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var expectation = new ExpectedPicture(Kind, new NamingRules());
        var expected = await expectation.BuildAsync(Direct + ";Pooling=false", ["public"]);
        return PictureDiff.Compare(expected, await Graph.PictureAsync(), expectation.Keys, Kind == GraphKind.Falkor ? Canonical.Float15 : null);
    }

    /// <summary>Waits until the slot is let go up to an LSN.</summary>
    public Task SlotPassesAsync(string lsn) => Eventually.AsyncTrue(
        () => ScalarAsync<bool>($"select confirmed_flush_lsn >= '{lsn}'::pg_lsn from pg_replication_slots where slot_name = 'polysync_{Pipeline}'"),
        TimeSpan.FromSeconds(30), $"the slot passes {lsn}");

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        File.Delete(_manifest);
        await Postgres.DropDatabaseAsync(Database);
    }

    private string Manifest(string settings)
    {
        var target = Kind == GraphKind.Falkor ? $"falkor://127.0.0.1:{Target.Port}/{Database}" : $"bolt://127.0.0.1:{Target.Port}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            pipeline: {Pipeline}
            source:
              dsn: "Host=127.0.0.1;Port={Source.Port};Username=postgres;Database={Database}"
              copy_chunk_rows: 300
              heartbeat_interval_ms: 1000
              status_interval_ms: 500
              connect_timeout_ms: 3000
            target:
              uri: "{target}"
              connect_timeout_ms: 3000
              write_timeout_ms: 4000
            consistency: {Consistency.ToString().ToLowerInvariant()}
            {settings}
            """);
    }
}
