using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Node;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Testing;
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

    /// <summary>Schemas in scope.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = ["public"];

    /// <summary>The node that runs, or ran last.</summary>
    public SyncNodeProcess? Node { get; private set; }

    public Consistency Consistency { get; set; } = Consistency.Transactional;

    /// <summary>Further arguments of <c>run</c>.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>Further lines of the manifest, under the pipeline's top level.</summary>
    public string Manifest { get; set; } = "";

    public static async Task<World> NewAsync(RealServers servers, GraphKind kind = GraphKind.Neo4j, IReadOnlyList<string>? schemas = null)
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        return new World(servers, postgres, database, kind, await servers.CleanTargetAsync(kind, database)) { Schemas = schemas ?? ["public"] };
    }

    /// <summary>One or more statements as one transaction.</summary>
    public Task SqlAsync(string sql) => Postgres.ExecuteAsync(sql, Database);

    public Task<T?> ScalarAsync<T>(string sql) => Postgres.ScalarAsync<T>(sql, Database);

    /// <summary>Starts the node and does not wait.</summary>
    public SyncNodeProcess Start() => Node = SyncNodeProcess.Run(NodeArguments.Of(this));

    /// <summary>Starts the node and waits until it streams.</summary>
    public Task<SyncNodeProcess> StartStreamingAsync() => Start().UntilStreamingAsync(Pipeline);

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

    public async ValueTask DisposeAsync()
    {
        if (Node is not null) await Node.DisposeAsync();
        await Postgres.ExecuteAsync(
            $"select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = '{Database}' and not active");
    }
}
