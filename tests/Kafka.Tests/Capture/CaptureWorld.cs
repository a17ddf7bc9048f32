using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Kafka.Capture;
using PolyglotSync.Postgres;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Servers;

namespace PolyglotSync.Kafka.Tests.Capture;

/// <summary>A database, topics of a prefix, and a capture between them that may be stopped, or left as a crash leaves it, and begun anew.</summary>
public sealed class CaptureWorld(PostgresServer server, string database, KafkaSettings kafka) : IAsyncDisposable
{
    public const string Name = "shop";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(120));
    private CancellationTokenSource _stop = new();
    private KafkaCapture? _capture;

    public PostgresServer Server => server;

    public string Database => database;

    public KafkaSettings Kafka { get; set; } = kafka;

    public LimitSettings Limits { get; set; } = new() { WatermarkIntervalMs = 500 };

    public int HeartbeatIntervalMs { get; set; } = 10_000;

    public int CopyChunkRows { get; set; } = 10_000;

    /// <summary>The run under way: ends when it is stopped, or with its failure.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public CaptureProgress Progress => _capture!.Progress;

    public string Slot => $"polysync_{database}";

    public PipelineSettings Settings => new()
    {
        Name = database,
        Source = new SourceSettings { ConnectionString = server.ConnectionString(database), StatusIntervalMs = 100, HeartbeatIntervalMs = HeartbeatIntervalMs, CopyChunkRows = CopyChunkRows },
        Target = new TargetSettings { Uri = new Uri("bolt://localhost") },
        Kafka = Kafka,
        Limits = Limits,
    };

    public static async Task<CaptureWorld> NewAsync(Broker broker, Database postgres, string sql)
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        Skip.If(Tests.Database.Missing is not null, Tests.Database.Missing);
        return await NewAsync(postgres.Server, broker.Settings(), sql);
    }

    public static async Task<CaptureWorld> NewAsync(PostgresServer server, KafkaSettings kafka, string sql)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(sql, database);
        return new CaptureWorld(server, database, kafka);
    }

    /// <summary>Each call is one transaction.</summary>
    public Task SqlAsync(string sql) => server.ExecuteAsync(sql, database);

    /// <summary>What is said in the place of the server to the question who has the slot; null: the server is asked.</summary>
    public Func<CancellationToken, Task<bool>>? Holds { get; set; }

    public Task<T?> ScalarAsync<T>(string sql) => server.ScalarAsync<T>(sql, database);

    public string Topic(string table) => $"{Kafka.Prefix}.public.{table}";

    public void Start()
    {
        if (_stop.IsCancellationRequested) _stop = new CancellationTokenSource();
        var settings = Settings;
        var changes = new PostgresChangeSource(settings, NullLoggerFactory.Instance, TimeProvider.System);
        _capture = new KafkaCapture(settings, new CaptureSource(changes, Mapping, changes.IdentifyAsync, Holds ?? changes.HoldsSlotAsync), NullLoggerFactory.Instance, TimeProvider.System);
        Running = _capture.RunAsync(static () => { }, _stop.Token);
    }

    /// <summary>Starts, and waits until the first copy is in the topics.</summary>
    public async Task StartAndCopyAsync()
    {
        Start();
        await StartedAndCopiedAsync();
    }

    public Task StartedAndCopiedAsync() =>
        UntilAsync(() => Progress.Copy.Tables.Count > 0 && Progress.Copy.Tables.Values.All(t => t.Phase == CopyPhase.Done), "the copy is done");

    /// <summary>Waits until the topics hold all that is committed now.</summary>
    public async Task CaughtUpAsync()
    {
        var mark = await _capture!.MarkAsync(_limit.Token);
        await UntilAsync(() => Progress.Cut.Watermark >= mark, $"the cuts reach {mark}");
    }

    /// <summary>Starts again, as a node does, where the run ends with something that goes away by itself.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => Eventually.AsyncTrue(async () =>
    {
        try
        {
            if (Running.IsCompleted) await Running;
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Transient)
        {
            await _capture!.DisposeAsync();
            Start();
        }
        return condition();
    }, what: what, otherwise: () => _capture is null ? "" : $"{Progress}");

    /// <summary>A clean stop.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running;
        await _capture!.DisposeAsync();
        _capture = null;
    }

    public CapturedTopics Read() => CapturedTopics.Read(Kafka);

    public async Task<string?> ConfirmedAsync() => await server.ScalarAsync<string>($"select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '{Slot}'");

    /// <summary>The table's rows as the topics must give them: each column as printed, '|' between.</summary>
    public async Task<SortedDictionary<string, string>> TableAsync(string table, string key, string columns)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var all = await ScalarAsync<string>($"select string_agg(({key})::text || chr(1) || concat_ws('|', {columns}), chr(2)) from {table}");
        foreach (var row in (all ?? "").Split('\u0002', StringSplitOptions.RemoveEmptyEntries)) rows[row.Split('\u0001')[0]] = row.Split('\u0001')[1];
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_capture is not null) await _capture.DisposeAsync();
        await server.DropDatabaseAsync(database);
        _stop.Dispose();
        _limit.Dispose();
    }

    private static GraphMapping Mapping(DatabaseSchema schema) => new([.. schema.Tables.Where(t => t.PrimaryKey.Count > 0)
        .Select(t => new NodeMapping(t.Name, t.PrimaryKey, t.Name.Name, [.. t.Columns.Where(c => !c.IsGenerated).Select(c => new PropertyMapping(c.Name, c.Name))], []))]);
}
