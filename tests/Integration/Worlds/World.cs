using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Worlds;

/// <summary>A fresh source database, an empty graph and a node between them, for one test.</summary>
public sealed class World : IAsyncDisposable
{
    public const string Pipeline = "test";

    private readonly RealServers _servers;
    private readonly string _graphName;

    private World(RealServers servers, PostgresServer postgres, string database, GraphKind kind, string target)
    {
        _servers = servers;
        Postgres = postgres;
        Database = database;
        Kind = kind;
        Target = target;
        _graphName = database;
    }

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public GraphKind Kind { get; }

    public string Target { get; }

    public string Source => Postgres.ConnectionString(Database);

    /// <summary>The source as the node is told it, where it is to be another role's; null: as the tests themselves.</summary>
    public string? NodeSource { get; set; }

    /// <summary>Schemas in scope.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = ["public"];

    /// <summary>The node that runs, or ran last.</summary>
    public SyncNodeProcess? Node { get; private set; }

    public Consistency Consistency { get; set; } = Consistency.Transactional;

    /// <summary>Further lines of a manifest (top-level keys but source's other settings, target and consistency); null: the node gets its pipeline on the command line.</summary>
    public string? Manifest { get; set; }

    /// <summary>Rows a copy chunk reads at once, said in the manifest; null: the default.</summary>
    public int? CopyChunkRows { get; set; }

    /// <summary>Further arguments of <c>run</c>.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    public static async Task<World> NewAsync(RealServers servers, GraphKind kind = GraphKind.Neo4j, IReadOnlyList<string>? schemas = null)
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        return new World(servers, postgres, database, kind, await servers.CleanTargetAsync(kind, database)) { Schemas = schemas ?? ["public"] };
    }

    /// <summary>One or more statements as one transaction.</summary>
    public Task SqlAsync(string sql) => Postgres.ExecuteAsync(sql, Database);

    public Task<T?> ScalarAsync<T>(string sql) => Postgres.ScalarAsync<T>(sql, Database);

    /// <summary>Changes go through a broker, into topics of a fresh prefix; their group is one of its own, so that members of earlier worlds are none of it.</summary>
    /// <param name="capture">Who writes the topics, as the manifest says it.</param>
    /// <param name="more">Further lines of the manifest's section.</param>
    public async Task ThroughKafkaAsync(string capture = "embedded", params string[] more) => ThroughKafka((await _servers.KafkaAsync()).BootstrapServers, capture, more);

    /// <param name="broker"><c>host:port</c>.</param>
    public void ThroughKafka(string broker, string capture = "embedded", params string[] more)
    {
        Broker = broker;
        Manifest = $"""
            kafka:
              capture: {capture}
              bootstrap_servers: ["{broker}"]
              prefix: "{Database}"
              group_id: "{Database}"
              session_timeout_ms: 6000
              {string.Join("\n  ", more)}
            """;
    }

    /// <summary>The broker that the changes go through, <c>host:port</c>; null: none.</summary>
    public string? Broker { get; private set; }

    /// <summary>The topic of a table of schema public.</summary>
    public string Topic(string table) => $"{Database}.public.{table}";

    /// <summary>Changes come from topics that a real Debezium fills, messages with schemas, four partitions each.</summary>
    public async Task<DebeziumServer> ThroughDebeziumAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var debezium = await _servers.DebeziumAsync();
        await ThroughKafkaAsync(capture: "debezium");
        Consistency = Consistency.Parallel;
        await debezium.CaptureAsync(Source, Database, settings);
        return debezium;
    }

    /// <summary>Starts the node and does not wait.</summary>
    public SyncNodeProcess Start() => Node = SyncNodeProcess.Run(NodeArguments.Of(this));

    /// <summary>Ends the node by SIGTERM, which must succeed, or by SIGKILL.</summary>
    public async Task EndAsync(bool kill)
    {
        var node = Node!;
        if (kill) await node.KillAsync();
        else if (await node.TerminateAsync() is var code and not 0) throw new InvalidOperationException($"SIGTERM ended the node with {code}:\n{node.Error}");
        await node.DisposeAsync();
    }

    /// <summary>Starts the node and waits until it streams.</summary>
    public Task<SyncNodeProcess> StartStreamingAsync() => Start().UntilStreamingAsync(Pipeline);

    /// <summary>Ends the node's sessions at the source, the stream's too, as a broken network would.</summary>
    public Task CutSourceAsync() =>
        Postgres.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Database}' and pid <> pg_backend_pid() and application_name ilike '%polysync%'");

    /// <summary>Ends what the node has open at the graph: its transactions (Neo4j), its connections (FalkorDB).</summary>
    public async Task CutTargetAsync()
    {
        if (Kind == GraphKind.Falkor)
        {
            using var falkor = (await _servers.FalkorAsync()).Connect();
            falkor.Command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
            return;
        }
        var http = (await _servers.Neo4jAsync()).Http;
        foreach (var row in await http.QueryAsync("CALL dbms.listConnections() YIELD connectionId, connector WHERE connector = 'bolt' RETURN connectionId"))
            await http.QueryAsync($"CALL dbms.killConnection('{Jolt.Text(row[0])}')");
    }

    /// <summary>Changes the graph behind the node's back.</summary>
    public async Task DamageAsync(string cypher)
    {
        if (Kind == GraphKind.Neo4j)
        {
            await (await _servers.Neo4jAsync()).Http.QueryAsync(cypher);
            return;
        }
        using var falkor = (await _servers.FalkorAsync()).Connect();
        falkor.Query(_graphName, cypher);
    }

    /// <summary>Waits until the graph holds all that is committed now.</summary>
    public async Task CaughtUpAsync(int timeoutMs = 60_000)
    {
        var lsn = await ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text");
        if (await Node!.Api.WaitAsync(Pipeline, lsn!, timeoutMs)) return;
        var status = await Node.Api.StatusAsync(Pipeline);
        throw new TimeoutException($"the watermark did not reach {lsn} in {timeoutMs} ms; status: {status?.Pipeline}\nThe node says:\n{Node.Error}");
    }

    /// <summary>Every difference between the tables and the graph, now.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(IReadOnlySet<string>? without = null)
    {
        var expectation = new ExpectedPicture(Kind, new NamingRules());
        var expected = await expectation.BuildAsync(Source, Schemas, without);
        return PictureDiff.Compare(expected, await ActualAsync(), expectation.Keys, Kind == GraphKind.Falkor ? Canonical.Float15 : null);
    }

    public async Task<GraphPicture> ActualAsync()
    {
        if (Kind == GraphKind.Neo4j) return await (await _servers.Neo4jAsync()).Http.ReadAsync();
        using var falkor = (await _servers.FalkorAsync()).Connect();
        return falkor.Read(_graphName);
    }

    /// <summary>
    /// What the balances of all accounts come to, between two transactions of the pipeline that writes them (Neo4j): a reader sees what others commit while it reads, so it locks the pipeline's node first.
    /// </summary>
    public async Task<long> BalanceAsync(string pipeline) =>
        long.Parse(Jolt.Text((await (await _servers.Neo4jAsync()).Http.QueryAsync(
            $"MATCH (s:__PolySync {{pipeline: '{pipeline}'}}) SET s.lock = true REMOVE s.lock WITH s MATCH (a:Account) RETURN toString(sum(a.balance))"))[0][0]), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits for the watermark and compares everything.</summary>
    public async Task ShouldAgreeAsync(IReadOnlySet<string>? without = null)
    {
        await CaughtUpAsync();
        var differences = await DifferencesAsync(without);
        differences.ShouldBeEmpty($"{PictureDiff.Describe(differences)}\nThe node says:\n{Node!.Error}");
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Source + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A command of the program against the node that runs: <c>status</c>, <c>wait --now</c>.</summary>
    public Task<(int ExitCode, string Output, string Error)> CommandAsync(params string[] arguments) =>
        SyncNodeProcess.CommandAsync(Eventually.Patience, [.. arguments, "--api", Node!.Api.Address.GetLeftPart(UriPartial.Authority)]);

    /// <summary>Leaves nothing behind that a later test would have to carry: no slot, no database, no graph.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Node is not null) await Node.DisposeAsync();
        }
        finally
        {
            await Postgres.DropDatabaseAsync(Database);
            if (Kind == GraphKind.Falkor)
            {
                using var falkor = (await _servers.FalkorAsync()).Connect();
                falkor.Wipe(_graphName);
            }
        }
    }
}
