using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Dead letters in the source database (<see cref="DeadLetterTable"/>).</summary>
public sealed class PostgresDeadLetterStore : IDeadLetterStore, IAsyncDisposable
{
    /// <summary>Letters that one statement stores.</summary>
    private const int PartSize = 500;

    private const string IsOpen = "resolved_at IS NULL AND discarded_at IS NULL";

    private readonly SideConnection _source;
    private readonly DeadLetterTable _table;

    /// <exception cref="PipelineFailure">Fatal: the source's address cannot be read.</exception>
    public PostgresDeadLetterStore(PipelineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _source = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
        _table = new DeadLetterTable(_source);
    }

    public async Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Count == 0) return 0;
        await _table.EnsureAsync(cancellationToken);
        var opened = 0;
        foreach (var part in DeadLetterParts.Of(letters, PartSize))
        {
            var rows = await _source.QueryAsync(DeadLetterSql.Add(part[0].Follows), DeadLetterSql.Columns(part), cancellationToken);
            opened += rows.Count(r => r[0] == "true");
        }
        return opened;
    }

    public async Task<long> CountAsync(string pipeline, CancellationToken cancellationToken)
    {
        if (!await _table.IsThereAsync(cancellationToken)) return 0;
        return Sql.Long((await _source.QueryAsync($"SELECT count(*)::text FROM polysync.dead_letters WHERE pipeline = $1 AND {IsOpen}", [pipeline], cancellationToken))[0][0]);
    }

    public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => KeysAsync(pipeline, "resolved_at IS NULL", cancellationToken);

    public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken) =>
        KeysAsync(pipeline, $"{IsOpen} AND retried_at IS NOT NULL", cancellationToken);

    public async Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || !await _table.IsThereAsync(cancellationToken)) return;
        await _source.QueryAsync("""
            UPDATE polysync.dead_letters d SET resolved_at = clock_timestamp(), retried_at = NULL
              FROM (SELECT DISTINCT * FROM unnest($2::text[], $3::text[], $4::text[])) AS k (table_schema, table_name, key)
             WHERE d.pipeline = $1 AND d.resolved_at IS NULL AND d.table_schema = k.table_schema AND d.table_name = k.table_name AND md5(d.key) = md5(k.key) AND d.key = k.key
            """,
            [pipeline, keys.Select(k => k.Table.Schema).ToArray(), keys.Select(k => k.Table.Name).ToArray(), keys.Select(k => DeadLetterSql.Clean(k.Key)!).ToArray()], cancellationToken);
    }

    public async Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!await _table.IsThereAsync(cancellationToken)) return [];
        var (where, parameters) = DeadLetterSql.Where(filter, before);
        var large = filter.WithRows ? "\"row\", cypher" : "NULL::text, NULL::text";
        var rows = await _source.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT id::text, pipeline, table_schema, table_name, operation, key, commit_lsn::text, idx::text, reason, count::text, state,
                   {DeadLetterSql.Time("first_seen")}, {DeadLetterSql.Time("last_seen")}, {DeadLetterSql.Time("coalesce(discarded_at, resolved_at)")}, {DeadLetterSql.Time("retried_at")}, {large}
              FROM polysync.dead_letters WHERE {where} ORDER BY dead_letters.id DESC LIMIT {limit}
            """), parameters, cancellationToken);
        return [.. rows.Select(DeadLetterSql.Read)];
    }

    public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        MarkAsync(filter, "retried_at = clock_timestamp()", cancellationToken);

    public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        MarkAsync(filter, "discarded_at = clock_timestamp(), retried_at = NULL", cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, string where, CancellationToken cancellationToken)
    {
        if (!await _table.IsThereAsync(cancellationToken)) return [];
        var rows = await _source.QueryAsync($"SELECT DISTINCT table_schema, table_name, key FROM polysync.dead_letters WHERE pipeline = $1 AND {where}", [pipeline], cancellationToken);
        return [.. rows.Select(r => new DeadKey(new TableName(r[0]!, r[1]!), r[2]!))];
    }

    private async Task<IReadOnlyList<long>> MarkAsync(DeadLetterFilter filter, string change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!await _table.IsThereAsync(cancellationToken)) return [];
        var (where, parameters) = DeadLetterSql.Where(filter, null);
        var rows = await _source.QueryAsync($"UPDATE polysync.dead_letters SET {change} WHERE {where} AND {IsOpen} RETURNING id::text", parameters, cancellationToken);
        return [.. rows.Select(r => Sql.Long(r[0])).Order()];
    }
}
