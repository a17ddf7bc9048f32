using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Network;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Worlds;

/// <summary>A fresh database and graph, a proxy before each, and a node between the proxies; with a broker behind a proxy of its own where changes go through Kafka.</summary>
public sealed class FaultWorld : IAsyncDisposable
{
    public const string Pipeline = "test";

    /// <summary>How long the consumer group waits for a node that does not answer.</summary>
    public const int SessionTimeoutMs = 3_000;

    private readonly string _manifest;
    private readonly FaultBroker? _broker;

    private FaultWorld(
        FaultServers servers, PostgresServer postgres, string database, GraphKind kind, TcpProxy source, TcpProxy target, string settings, Consistency consistency, CaptureMode? capture, FaultBroker? broker)
    {
        Servers = servers;
        Postgres = postgres;
        Database = database;
        Kind = kind;
        Source = source;
        Target = target;
        Consistency = consistency;
        Capture = capture;
        _broker = broker;
        Graph = new GraphView(servers, kind, database);
        _manifest = Path.Combine(Path.GetTempPath(), $"ps-faults-{database}.yaml");
        File.WriteAllText(_manifest, Manifest(settings));
        Node = new NodeKeeper(_manifest);
        Capturer = capture == CaptureMode.Separate ? new NodeKeeper(_manifest, captures: true) : Node;
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

    /// <summary>Who captures into Kafka; null where changes go directly.</summary>
    public CaptureMode? Capture { get; }

    /// <summary>True where several nodes read at once, each its partitions.</summary>
    public bool SharesPartitions => Capture == CaptureMode.Separate && Consistency == Consistency.Parallel;

    /// <summary>The broker of a world whose changes go through Kafka.</summary>
    public FaultBroker Broker => _broker ?? throw new InvalidOperationException("changes go directly here");

    public GraphView Graph { get; }

    /// <summary>Writes the graph.</summary>
    public NodeKeeper Node { get; }

    /// <summary>Reads the slot: the node, or a capture of its own.</summary>
    public NodeKeeper Capturer { get; }

    /// <summary>What the processes of the pipeline have said.</summary>
    public string Said => ReferenceEquals(Node, Capturer) ? Node.Said : $"{NodeKeeper.Tail(Node.Said)}\nThe capture said:\n{NodeKeeper.Tail(Capturer.Said)}";

    /// <summary>Of node and capture together, in MB.</summary>
    public double PeakMemoryMb => Node.PeakMemoryMb + (ReferenceEquals(Node, Capturer) ? 0 : Capturer.PeakMemoryMb);

    /// <summary>What they may hold together at the most, in MB; two programs have two runtimes, and each its own peak.</summary>
    public double MemoryLimitMb => Capture switch
    {
        null => 300,
        CaptureMode.Embedded => 400,
        _ => 500,
    };

    /// <summary>Ends that nobody asked for.</summary>
    public IReadOnlyList<string> Failures => ReferenceEquals(Node, Capturer) ? Node.Failures : [.. Node.Failures, .. Capturer.Failures.Select(f => $"capture: {f}")];

    /// <summary>PostgreSQL itself, past the proxy.</summary>
    public string Direct => Postgres.ConnectionString(Database);

    /// <param name="settings">Lines of the manifest: <c>limits: …</c>.</param>
    /// <param name="capture">Who captures into Kafka; null: changes go directly.</param>
    public static async Task<FaultWorld> NewAsync(FaultServers servers, GraphKind kind, Consistency consistency, string settings = Impatient, CaptureMode? capture = null)
    {
        var broker = capture is null ? null : await servers.BrokerAsync();
        var postgres = await servers.PostgresAsync();
        if (kind == GraphKind.Falkor) await servers.RenewFalkorAsync();
        var graph = await servers.GraphPortAsync(kind);
        var database = await postgres.CreateDatabaseAsync();
        var world = new FaultWorld(servers, postgres, database, kind, new TcpProxy(postgres.Port), new TcpProxy(graph), settings, consistency, capture, broker);
        await world.Graph.WipeAsync();
        return world;
    }

    /// <summary>Short pauses, so that a run sees many tries.</summary>
    public const string Impatient = "limits: { retry_min_backoff_ms: 20, retry_max_backoff_ms: 500, watermark_interval_ms: 500 }";

    /// <summary>Starts the node, and the capture where it is one of its own.</summary>
    /// <param name="failpoint">Armed in the one that passes the place.</param>
    public void Start(string? failpoint = null)
    {
        if (!ReferenceEquals(Node, Capturer)) Capturer.Start(failpoint is not null && KeeperAt(failpoint) == Capturer ? failpoint : null);
        Node.Start(failpoint is not null && KeeperAt(failpoint) == Node ? failpoint : null);
    }

    /// <summary>Who passes a place of <see cref="Failpoint"/>.</summary>
    /// <param name="place">Its name; what follows an '@' does not matter.</param>
    public NodeKeeper KeeperAt(string place) => place.Split('@')[0] switch
    {
        Failpoint.BeforeSlot or Failpoint.ChunkRead or Failpoint.BeforeAcknowledge => Capturer,
        var name when Failpoint.CaptureNames.Contains(name) => Capturer,
        _ => Node,
    };

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
        if (!ReferenceEquals(Node, Capturer)) await Capturer.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        File.Delete(_manifest);
        if (_broker is not null)
        {
            _broker.Proxy.Heal();
            await _broker.DeleteTopicsAsync(Database);
        }
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
            {(_broker is null ? "" : Kafka(_broker))}
            """);
    }

    /// <summary>A group of its own, so that members of earlier worlds are none of it.</summary>
    private string Kafka(FaultBroker broker) => string.Create(CultureInfo.InvariantCulture, $"kafka: {{ capture: {Capture.ToString()!.ToLowerInvariant()}, bootstrap_servers: [\"{broker.Address}\"], "
        + $"prefix: {Database}, group_id: {Database}, partitions: 4, replication_factor: 1, connect_timeout_ms: 3000, session_timeout_ms: {SessionTimeoutMs} }}");
}
