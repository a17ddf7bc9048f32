using System.Globalization;
using Npgsql;
using PolyglotSync.Bench.Limit;
using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Bench.Servers;

/// <summary>PostgreSQL and the graph of one run: servers of its own, or given ones.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    /// <summary>Durable as in production: a commit returns once its log is on disk.</summary>
    private static readonly Dictionary<string, string> Durable = new()
    {
        ["fsync"] = "on", ["synchronous_commit"] = "on", ["full_page_writes"] = "on", ["shared_buffers"] = "256MB", ["max_wal_size"] = "4GB",
    };

    private readonly PostgresServer? _postgres;
    private readonly string _dsn;
    private readonly FalkorServer? _falkor;
    private KafkaServer? _kafka;
    private int _databases;

    private BenchServers(PostgresServer? postgres, string dsn, Neo4jServer? neo4j, FalkorServer? falkor, Uri target)
    {
        (_postgres, _dsn, Neo4j, _falkor) = (postgres, dsn, neo4j, falkor);
        Target = target;
        Graph = neo4j is not null || target.Scheme is "bolt" or "neo4j" ? new Neo4jGraph(target) : new FalkorGraph(target);
    }

    /// <summary>The graph's server where it is our own Neo4j: it may be stopped and started again.</summary>
    public Neo4jServer? Neo4j { get; }

    public Uri Target { get; }

    /// <summary>The broker, <c>host:port</c>; null where changes go directly.</summary>
    public string? Kafka { get; private set; }

    public IBenchGraph Graph { get; private set; }

    public static async Task<BenchServers> StartAsync(BenchSettings settings)
    {
        if (settings.IsThroughKafka && settings.Kafka is null) Require(KafkaServer.Missing, "--kafka");
        var servers = await StartEndsAsync(settings);
        if (!settings.IsThroughKafka) return servers;
        servers._kafka = settings.Kafka is null ? await KafkaServer.StartNewAsync(new KafkaOptions { Heap = "1g" }) : null;
        servers.Kafka = settings.Kafka ?? servers._kafka!.BootstrapServers;
        return servers;
    }

    private static async Task<BenchServers> StartEndsAsync(BenchSettings settings)
    {
        PostgresServer? postgres = null;
        if (settings.Source is null)
        {
            Require(PostgresServer.Missing, "--source");
            postgres = await PostgresServer.StartNewAsync(Durable);
        }
        var dsn = settings.Source ?? postgres!.ConnectionString();
        if (settings.Target is { } target) return new BenchServers(postgres, dsn, null, null, target);
        if (settings.Kind == TargetKind.Neo4j)
        {
            Require(Neo4jServer.Missing, "--target");
            var neo4j = await Neo4jServer.StartNewAsync(heap: "2g", pageCache: "1g", isBrief: false);
            return new BenchServers(postgres, dsn, neo4j, null, neo4j.Bolt);
        }
        Require(FalkorServer.Missing, "--target");
        var falkor = await FalkorServer.StartNewAsync();
        return new BenchServers(postgres, dsn, null, falkor, falkor.NewGraph());
    }

    /// <summary>A connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"polysync_bench_{++_databases}");
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(_dsn) { Database = name }.ConnectionString;
    }

    /// <summary>Drops the database and the node's slot in it.</summary>
    public async Task DropAsync(string dsn)
    {
        var name = new NpgsqlConnectionStringBuilder(dsn).Database!;
        await ExecuteAsync($"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{name}' AND active");
        await ExecuteAsync($"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{name}' AND NOT active");
        await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    /// <summary>The graph stops answering.</summary>
    public async Task StopGraphAsync()
    {
        if (Neo4j is { IsOurs: true }) await Neo4j.KillAsync();
        else if (_falkor is not null) _falkor.Pause();
        else throw NotOurs();
    }

    public async Task StartGraphAsync()
    {
        if (Neo4j is { IsOurs: true })
        {
            await Neo4j.StartAgainAsync();
            // the connections of before are gone
            await Graph.DisposeAsync();
            Graph = new Neo4jGraph(Target);
        }
        else if (_falkor is not null) _falkor.GoOn();
        else throw NotOurs();
    }

    public async ValueTask DisposeAsync()
    {
        await Graph.DisposeAsync();
        if (Neo4j is not null) await Neo4j.DisposeAsync();
        if (_falkor is not null) await _falkor.DisposeAsync();
        if (_kafka is not null) await _kafka.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    private static PipelineFailure NotOurs() => new(FailureClass.Fatal, "the scenario 'backlog' stops the graph, which it does only with one of its own: leave --target out") { ExitCode = ExitCode.Usage };

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_dsn + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static void Require(string? missing, string option)
    {
        if (missing is not null) throw new PipelineFailure(FailureClass.Fatal, $"{missing}; or name a server by {option}") { ExitCode = ExitCode.Usage };
    }
}
