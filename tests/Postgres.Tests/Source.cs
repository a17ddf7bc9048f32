using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

/// <summary>A database under capture, and a consumer that keeps what a graph would hold: rows by table and key.</summary>
public sealed class Source(PostgresServer server, string database) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(90));
    private PostgresChangeSource? _source;
    private bool _opened;
    private IAsyncEnumerator<ChangeBatch>? _batches;

    public PostgresServer Server { get; } = server;

    public string Database { get; } = database;

    public string Name { get; init; } = "t" + Guid.NewGuid().ToString("N")[..10];

    public SourceSettings Settings { get; set; } = new() { ConnectionString = server.ConnectionString(database), StatusIntervalMs = 100 };

    public LimitSettings Limits { get; set; } = new();

    public PostgresChangeSource Changes => _source ??= New();

    public DatabaseSchema Schema { get; private set; } = new([]);

    public Mirror Mirror { get; } = new();

    /// <summary>As a target would store them.</summary>
    public Position Position { get; private set; } = Position.Start;

    public CopyState Copy { get; private set; } = CopyState.Empty;

    public Lsn Watermark { get; private set; }

    public List<Taken> Log { get; } = [];

    /// <summary>What the source tells operators.</summary>
    public LoggedMessages Messages { get; } = new();

    public Func<GraphMapping, GraphMapping> Adjust { get; set; } = m => m;

    /// <summary>The server is shared and has room for few slots.</summary>
    public bool DropsSlot { get; init; }

    /// <summary>It comes after another node.</summary>
    public bool FollowsOthers { get; init; }

    public CancellationToken Token => _stop.Token;

    public Task ExecuteAsync(string sql) => Server.ExecuteAsync(sql, Database);

    public PipelineSettings Pipeline => new()
    {
        Name = Name, Source = Settings, Target = new TargetSettings { Uri = new Uri("bolt://localhost") }, Limits = Limits,
    };

    public async Task StartAsync()
    {
        Schema = await Changes.DescribeAsync(Token);
        await Changes.PrepareAsync(Adjust(Mapping(Schema)), Token);
        Open();
    }

    public void Open()
    {
        // Within one stream the watermark only rises; a new one begins at what the slot has confirmed.
        _opened = true;
        Changes.Acknowledge(Watermark);
        Watermark = Lsn.Zero;
        _batches = Changes.ReadAsync(new Cut(Position, Watermark), Copy, Token).GetAsyncEnumerator(Token);
    }

    /// <summary>Ends the stream and opens it again, as after a lost connection.</summary>
    public async Task ReopenAsync()
    {
        await _batches!.DisposeAsync();
        while (await Server.ScalarAsync<bool>($"SELECT active FROM pg_replication_slots WHERE slot_name = 'polysync_{Name}'")) Token.ThrowIfCancellationRequested();
        Open();
    }

    /// <summary>Ends the stream as a crash would: nothing more is acknowledged.</summary>
    public async Task StopAsync()
    {
        if (_batches is not null) await _batches.DisposeAsync();
        _batches = null;
        if (_source is not null) await _source.DisposeAsync();
        _source = null;
    }

    /// <summary>Ends the stream as a crash would and starts again, as a new process does.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Applies one batch and acknowledges its cut.</summary>
    public async Task<Taken> NextAsync()
    {
        (await _batches!.MoveNextAsync()).ShouldBeTrue();
        var batch = _batches.Current;
        var taken = new Taken([.. batch.Entries.ToArray().Select(e => Mirror.Apply(batch, e))], batch.Cut, batch.CopyState);
        Log.Add(taken);
        batch.Release();
        if (batch.CopyState is not null) Copy = batch.CopyState;
        if (batch.Cut is { } cut)
        {
            Position = cut.Position;
            cut.Watermark.ShouldBeGreaterThanOrEqualTo(Watermark);
            Watermark = cut.Watermark;
            Changes.Acknowledge(cut.Watermark);
        }
        return taken;
    }

    /// <summary>Takes one batch without looking into it.</summary>
    public async Task<(int Rows, int Bytes, bool HasCut)> PassAsync()
    {
        (await _batches!.MoveNextAsync()).ShouldBeTrue();
        var batch = _batches.Current;
        var passed = (batch.Count, batch.Bytes, batch.Cut is not null);
        if (batch.Cut is { } cut) (Position, Watermark) = (cut.Position, cut.Watermark);
        batch.Release();
        return passed;
    }

    /// <summary>As if the graph stood elsewhere.</summary>
    public void Forge(Position position) => (Position, Watermark) = (position, position.CommitLsn);

    /// <summary>Takes everything that was committed before now.</summary>
    public async Task CatchUpAsync()
    {
        var mark = await Changes.MarkAsync(Token);
        while (Watermark < mark) await NextAsync();
    }

    /// <summary>Goes on until <paramref name="condition"/> holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await NextAsync();
    }

    public async Task CopiedAsync()
    {
        while (Copy.Tables.Count == 0 || Copy.Tables.Values.Any(t => t.Phase != CopyPhase.Done)) await NextAsync();
    }

    /// <summary>What a consumer's view must equal: the table's rows as PostgreSQL prints them.</summary>
    public async Task<SortedDictionary<string, string>> TableAsync(string table, string key, string columns)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var all = await Server.ScalarAsync<string>(
            $"SELECT string_agg(({key})::text || chr(1) || concat_ws('|', {columns}), chr(2)) FROM {table}", Database);
        foreach (var row in (all ?? "").Split('\u0002', StringSplitOptions.RemoveEmptyEntries)) rows[row.Split('\u0001')[0]] = row.Split('\u0001')[1];
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (DropsSlot && _opened) await DropSlotAsync();
        _stop.Dispose();
    }

    private async Task DropSlotAsync()
    {
        while (await Server.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'polysync_{Name}' AND active)"))
            Token.ThrowIfCancellationRequested();
        await ExecuteAsync($"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'polysync_{Name}' AND database = current_database()");
    }

    public static GraphMapping Mapping(DatabaseSchema schema) => new([.. schema.Tables
        .Where(t => t.PrimaryKey.Count > 0 || t.UniqueKeys.Count > 0)
        .Select(t => new NodeMapping(t.Name, t.PrimaryKey.Count > 0 ? t.PrimaryKey : t.UniqueKeys[0].Columns, t.Name.Name,
            [.. t.Columns.Where(c => !c.IsGenerated).Select(c => new PropertyMapping(c.Name, c.Name))], []))]);

    private PostgresChangeSource New() => new(Pipeline, Messages, TimeProvider.System, followsOthers: FollowsOthers);
}

public sealed record Taken(IReadOnlyList<string> Entries, Cut? Cut, CopyState? Copy);

/// <summary>Rows by table and key, kept by the rules that a graph target follows; complains where a known insert or update finds otherwise.</summary>
public sealed class Mirror
{
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, string?>>> _tables = [];

    public List<string> Complaints { get; } = [];

    public SortedDictionary<string, string> Rows(string table) => new(_tables.GetValueOrDefault(table, [])
        .ToDictionary(r => r.Key, r => string.Join('|', r.Value.Values.Where(v => v is not null))), StringComparer.Ordinal);

    public Dictionary<string, string?> Row(string table, string key) => _tables[table][key];

    public string Apply(ChangeBatch batch, ChangeEntry entry)
    {
        var name = entry.Relation.Table.ToString();
        if (entry.Kind == ChangeKind.Schema)
        {
            var change = batch.SchemaChanges[entry.Old];
            return $"Schema {name} +{string.Join(',', change.Added)} -{string.Join(',', change.Dropped)} "
                + string.Join(',', change.Renamed.Select(r => r.From + ">" + r.To));
        }
        var rows = _tables.TryGetValue(name, out var known) ? known : _tables[name] = [];
        if (entry.Kind == ChangeKind.Truncate)
        {
            rows.Clear();
            return $"Truncate {name}";
        }
        var after = entry.New >= 0 ? Read(batch.New(entry), entry.Relation) : null;
        var before = entry.Old >= 0 ? Key(batch.Old(entry), entry.Relation) : null;
        var key = entry.New >= 0 ? Key(batch.New(entry), entry.Relation) : before!;
        if (entry.Kind is ChangeKind.Delete)
        {
            if (!rows.Remove(key) && !entry.ExistenceUnknown) Complaints.Add($"delete of {name} {key}: not there");
            return $"Delete {name} {key}";
        }
        rows.TryGetValue(before ?? key, out var row);
        var isInsert = entry.Kind is ChangeKind.Insert or ChangeKind.Copy;
        if (isInsert && row is not null && !entry.ExistenceUnknown) Complaints.Add($"{entry.Kind} of {name} {key}: already there");
        if (!isInsert && row is null && !entry.ExistenceUnknown) Complaints.Add($"update of {name} {key}: not there");
        if (before is not null && before != key) rows.Remove(before);
        row ??= rows.GetValueOrDefault(key) ?? [];
        foreach (var (column, value) in after!) row[column] = value;
        rows[key] = row;
        return $"{entry.Kind} {name} {(before is not null && before != key ? before + ">" : "")}{key} {string.Join(',', after.Select(a => a.Key + "=" + (a.Value ?? "NULL")))}";
    }

    private static string Key(RowImage image, Relation relation)
    {
        var texts = new List<string>();
        foreach (var ordinal in relation.KeyOrdinals) texts.Add(Encoding.UTF8.GetString(image[ordinal]));
        return string.Join(',', texts);
    }

    private static Dictionary<string, string?> Read(RowImage image, Relation relation)
    {
        var row = new Dictionary<string, string?>();
        for (var i = 0; i < image.Count; i++)
            if (image.IsSent(i)) row[relation.Columns[i].Name] = image.IsNull(i) ? null : Encoding.UTF8.GetString(image[i]);
        return row;
    }
}
