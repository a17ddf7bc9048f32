using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The statements on <c>polysync.dead_letters</c> that need more than a line, and their rows.</summary>
internal static class DeadLetterSql
{
    private const string SameRow = "d.pipeline = v.pipeline AND d.table_schema = v.table_schema AND d.table_name = v.table_name AND md5(d.key) = md5(v.key)";

    private const string Open = $"EXISTS (SELECT FROM polysync.dead_letters d WHERE {SameRow} AND d.resolved_at IS NULL AND d.discarded_at IS NULL)";

    private const string Discarded = $"SELECT max(d.id) FROM polysync.dead_letters d WHERE {SameRow} AND d.resolved_at IS NULL AND d.discarded_at IS NOT NULL";

    private const string Given = """
        v (pipeline, table_schema, table_name, operation, key, "row", commit_lsn, idx, reason, cypher, last_seen) AS (
            SELECT pipeline, table_schema, table_name, operation, key, "row", commit_lsn::pg_lsn, idx, reason, cypher, last_seen::timestamptz
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::text[], $11::text[])
                AS u (pipeline, table_schema, table_name, operation, key, "row", commit_lsn, idx, reason, cypher, last_seen))
        """;

    /// <summary>Stores letters, each row once: <c>true</c> comes back for one that was opened.</summary>
    public static string Add(bool follows)
    {
        var counted = follows
            ? $"""
            , counted AS (
                UPDATE polysync.dead_letters t SET count = t.count + 1, commit_lsn = v.commit_lsn, idx = v.idx, last_seen = v.last_seen
                  FROM v WHERE t.id = ({Discarded}) AND NOT {Open} AND (v.commit_lsn, v.idx) <> (t.commit_lsn, t.idx))
            """
            : "";
        var unless = follows ? $"AND ({Open} OR ({Discarded}) IS NULL)" : "";
        var change = follows
            ? "\"row\" = (t.\"row\"::jsonb || excluded.\"row\"::jsonb)::text"
            : "\"row\" = excluded.\"row\", reason = excluded.reason, cypher = excluded.cypher, retried_at = NULL";
        return $"""
            WITH {Given}{counted}
            INSERT INTO polysync.dead_letters AS t
                (pipeline, table_schema, table_name, operation, key, "row", commit_lsn, idx, reason, cypher, first_seen, last_seen)
            SELECT pipeline, table_schema, table_name, operation, key, "row", commit_lsn, idx, reason, cypher, last_seen, last_seen FROM v
             WHERE NOT EXISTS (SELECT FROM polysync.dead_letters d WHERE {SameRow} AND d.commit_lsn = v.commit_lsn AND d.idx = v.idx) {unless}
            ON CONFLICT (pipeline, table_schema, table_name, md5(key)) WHERE resolved_at IS NULL AND discarded_at IS NULL
            DO UPDATE SET count = t.count + 1, operation = excluded.operation, commit_lsn = excluded.commit_lsn, idx = excluded.idx, last_seen = excluded.last_seen, {change}
             WHERE (excluded.commit_lsn, excluded.idx) <> (t.commit_lsn, t.idx)
            RETURNING (xmax = 0)::text
            """;
    }

    /// <summary>The parameters of <see cref="Add"/>.</summary>
    public static object[] Columns(IReadOnlyList<DeadLetter> letters) =>
    [
        Texts(letters, l => l.Pipeline), Texts(letters, l => l.Table.Schema), Texts(letters, l => l.Table.Name), Texts(letters, l => l.Operation), Texts(letters, l => l.Key),
        Texts(letters, l => l.Row), Texts(letters, l => l.Position.CommitLsn.ToString()), letters.Select(l => l.Position.Index).ToArray(), Texts(letters, l => l.Reason),
        Texts(letters, l => l.Cypher), Texts(letters, l => l.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)),
    ];

    public static (string Sql, object[] Parameters) Where(DeadLetterFilter filter, long? before)
    {
        var parameters = new List<object> { filter.Pipeline };
        var conditions = new List<string> { "pipeline = $1" };
        if (filter.Ids is { } ids) And("id = ANY({0})", ids.ToArray());
        if (filter.Tables is { } tables)
        {
            parameters.Add(tables.Select(t => t.Schema).ToArray());
            And($"(table_schema, table_name) IN (SELECT * FROM unnest(${parameters.Count}::text[], {{0}}::text[]))", tables.Select(t => t.Name).ToArray());
        }
        if (filter.State is { } state) And("state = {0}", state.ToString().ToLowerInvariant());
        if (filter.Operation is { } operation) And("operation = {0}", operation);
        if (filter.Except is { Count: > 0 } except) And("id <> ALL({0})", except.ToArray());
        if (before is { } id) And("id < {0}", id);
        return (string.Join(" AND ", conditions), [.. parameters]);

        void And(string condition, object value)
        {
            parameters.Add(value);
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, $"${parameters.Count}"));
        }
    }

    public static string Time(string column) => $"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";

    public static StoredDeadLetter Read(string?[] r) => new(
        Sql.Long(r[0]),
        new DeadLetter(r[1]!, new TableName(r[2]!, r[3]!), r[4]!, r[5]!, r[15], new Position(Lsn.Parse(r[6]), Sql.Int(r[7])), r[8]!, r[16], At(r[12])!.Value),
        Sql.Int(r[9]), At(r[11])!.Value, Enum.Parse<DeadLetterState>(r[10]!, ignoreCase: true), At(r[13]), At(r[14]));

    /// <summary>U+0000 cannot be kept in PostgreSQL's text.</summary>
    public static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    private static string?[] Texts(IReadOnlyList<DeadLetter> letters, Func<DeadLetter, string?> column) => [.. letters.Select(l => Clean(column(l)))];

    private static DateTimeOffset? At(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
