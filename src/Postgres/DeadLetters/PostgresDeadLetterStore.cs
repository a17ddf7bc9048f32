using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Dead letters in the source database, table <c>polysync.dead_letters</c>, made when the first one comes. Open ones have no <c>resolved_at</c>.</summary>
public sealed class PostgresDeadLetterStore : IDeadLetterStore, IAsyncDisposable
{
    private readonly SideConnection _source;
    private bool _made;

    /// <exception cref="PipelineFailure">Fatal: the source's address cannot be read.</exception>
    public PostgresDeadLetterStore(PipelineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _source = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
    }

    public async Task AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Count == 0) return;
        await MakeAsync(cancellationToken);
        foreach (var part in letters.Chunk(500))
        {
            await _source.ExecuteAsync(
                "INSERT INTO polysync.dead_letters (pipeline, table_schema, table_name, operation, key, \"row\", commit_lsn, idx, reason, cypher, at) VALUES "
                + string.Join(", ", part.Select(Values))
                + " ON CONFLICT (pipeline, table_schema, table_name, md5(key), commit_lsn, idx) DO NOTHING", cancellationToken);
        }
    }

    public async Task<long> CountAsync(string pipeline, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken)) return 0;
        return Sql.Long((await _source.QueryAsync(
            "SELECT count(*)::text FROM polysync.dead_letters WHERE pipeline = $1 AND resolved_at IS NULL", [pipeline], cancellationToken))[0][0]);
    }

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string pipeline, int limit, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken)) return [];
        var rows = await _source.QueryAsync("""
            SELECT pipeline, table_schema, table_name, operation, key, "row", commit_lsn::text, idx::text, reason, cypher,
                   to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
              FROM polysync.dead_letters WHERE pipeline = $1 AND resolved_at IS NULL ORDER BY id DESC LIMIT $2
            """, [pipeline, limit], cancellationToken);
        return [.. rows.Select(r => new DeadLetter(r[0]!, new TableName(r[1]!, r[2]!), r[3]!, r[4]!, r[5],
            new Position(Lsn.Parse(r[6]), Sql.Int(r[7])), r[8]!, r[9],
            DateTimeOffset.Parse(r[10]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)))];
    }

    public async Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken)) return [];
        var rows = await _source.QueryAsync(
            "SELECT DISTINCT table_schema, table_name, key FROM polysync.dead_letters WHERE pipeline = $1 AND resolved_at IS NULL", [pipeline], cancellationToken);
        return [.. rows.Select(r => new DeadKey(new TableName(r[0]!, r[1]!), r[2]!))];
    }

    public async Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var part in keys.Chunk(500))
        {
            await _source.ExecuteAsync(
                $"UPDATE polysync.dead_letters SET resolved_at = clock_timestamp() WHERE pipeline = {Text(pipeline)} AND resolved_at IS NULL"
                + " AND (table_schema, table_name, md5(key), key) IN ("
                + string.Join(", ", part.Select(k => $"({Text(k.Table.Schema)}, {Text(k.Table.Name)}, md5({Text(k.Key)}), {Text(k.Key)})")) + ")", cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Values(DeadLetter l) =>
        string.Create(CultureInfo.InvariantCulture,
            $"({Text(l.Pipeline)}, {Text(l.Table.Schema)}, {Text(l.Table.Name)}, {Text(l.Operation)}, {Text(l.Key)}, {Text(l.Row)}, '{l.Position.CommitLsn}', {l.Position.Index}, {Text(l.Reason)}, {Text(l.Cypher)}, '{l.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z')");

    // U+0000 cannot be kept in PostgreSQL's text.
    private static string Text(string? text) => text is null ? "NULL" : Sql.Literal(text.Replace("\0", "", StringComparison.Ordinal));

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        _made = _made || (await _source.QueryAsync("""
            SELECT count(*)::text FROM pg_catalog.pg_attribute
             WHERE attrelid = to_regclass('polysync.dead_letters') AND attname = 'resolved_at' AND NOT attisdropped
            """, [], cancellationToken)) is [["1"]];

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (await ExistsAsync(cancellationToken)) return;
        try
        {
            await _source.ExecuteAsync("""
                CREATE SCHEMA IF NOT EXISTS polysync;
                CREATE TABLE IF NOT EXISTS polysync.dead_letters (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pipeline text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL,
                    operation text NOT NULL, key text NOT NULL, "row" text, commit_lsn pg_lsn NOT NULL, idx integer NOT NULL, reason text NOT NULL,
                    cypher text, at timestamptz NOT NULL);
                ALTER TABLE polysync.dead_letters ADD COLUMN IF NOT EXISTS resolved_at timestamptz;
                CREATE UNIQUE INDEX IF NOT EXISTS dead_letters_once
                    ON polysync.dead_letters (pipeline, table_schema, table_name, md5(key), commit_lsn, idx);
                """, cancellationToken);
            _made = true;
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Fatal)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"dead letters cannot be kept in the source: {e.Message}. Let a superuser run CREATE SCHEMA polysync "
                + "AUTHORIZATION <the role>; or set on_poison: halt", e)
            { ExitCode = ExitCode.SourceUnfit };
        }
    }
}
