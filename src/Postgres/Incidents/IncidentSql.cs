using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The statements on <c>polysync.incidents</c>, and its rows.</summary>
internal static class IncidentSql
{
    /// <summary>
    /// An incident that is there keeps what was said of it first, and counts never fall: a run that goes on with another's (a pause that the journal remembers) has not counted what was before.
    /// No upsert: that would use up an id each time.
    /// </summary>
    public const string Save = """
        WITH v AS (
            SELECT pipeline, role, kind, part, began::timestamptz AS began, ended::timestamptz AS ended, reason, last_reason, outcome, retries, openings, restarts, letters, relapses, run
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                          $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::text[])
                AS u (pipeline, role, kind, part, began, ended, reason, last_reason, outcome, retries, openings, restarts, letters, relapses, run)),
        known AS (
            UPDATE polysync.incidents t SET kind = v.kind, ended_at = v.ended, closed_at = NULL, last_reason = coalesce(v.last_reason, t.last_reason), outcome = v.outcome,
                   retries = greatest(t.retries, v.retries), circuit_openings = greatest(t.circuit_openings, v.openings), restarts = greatest(t.restarts, v.restarts),
                   dead_letters = greatest(t.dead_letters, v.letters), relapses = greatest(t.relapses, v.relapses), node = $16, run = v.run
              FROM v WHERE t.pipeline = v.pipeline AND t.role = v.role AND t.began_at = v.began
            RETURNING t.pipeline, t.role, t.began_at)
        INSERT INTO polysync.incidents (pipeline, role, kind, part, began_at, ended_at, reason, last_reason, outcome, retries, circuit_openings, restarts, dead_letters, relapses, node, run)
        SELECT pipeline, role, kind, part, began, ended, reason, last_reason, outcome, retries, openings, restarts, letters, relapses, $16, run FROM v
         WHERE NOT EXISTS (SELECT FROM known k WHERE k.pipeline = v.pipeline AND k.role = v.role AND k.began_at = v.began)
         ORDER BY began
        """;

    /// <summary>What a person or a failure had stopped lasted until now; of anything else nobody saw the end.</summary>
    public const string CloseLeftOpen = """
        UPDATE polysync.incidents SET closed_at = $4::timestamptz,
               ended_at = CASE WHEN kind IN ('paused', 'failed', 'fenced') THEN greatest(began_at, $4::timestamptz) END,
               outcome = CASE WHEN kind IN ('paused', 'failed', 'fenced') THEN 'the node was started anew, and it runs'
                              ELSE 'ended unknown: the node that saw it begin is gone; the node was started anew at ' || to_char($4::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' END
         WHERE pipeline = $1 AND role = $2 AND run <> $3 AND state = 'open' AND ($5::text IS NULL OR node = $5)
        """;

    public static object[] Columns(IReadOnlyList<Incident> incidents, string node) =>
    [
        Texts(incidents, i => i.Pipeline), Texts(incidents, i => Word(i.Role)), Texts(incidents, i => Word(i.Kind)), Texts(incidents, i => i.Part), Texts(incidents, i => Text(i.Began)),
        Texts(incidents, i => i.Ended is { } ended ? Text(ended) : null), Texts(incidents, i => i.Reason), Texts(incidents, i => i.LastReason), Texts(incidents, i => i.Outcome),
        Numbers(incidents, i => i.Retries), Numbers(incidents, i => i.CircuitOpenings), Numbers(incidents, i => i.Restarts), Numbers(incidents, i => i.Letters), Numbers(incidents, i => i.Relapses),
        Texts(incidents, i => i.Run), node,
    ];

    public static (string Sql, object[] Parameters) List(IncidentFilter filter, long? before, int limit)
    {
        var parameters = new List<object> { filter.Pipeline };
        var where = "pipeline = $1";
        if (filter.State is { } state) And("state = {0}", Word(state));
        if (filter.Since is { } since) And("(state = 'open' OR coalesce(ended_at, closed_at) >= {0}::timestamptz)", Text(since));
        if (before is { } id) And("id < {0}", id);
        return (string.Create(CultureInfo.InvariantCulture, $"""
            SELECT id::text, pipeline, role, kind, part, reason, {DeadLetterSql.Time("began_at")}, {DeadLetterSql.Time("ended_at")}, {DeadLetterSql.Time("closed_at")}, last_reason, outcome,
                   retries::text, circuit_openings::text, restarts::text, dead_letters::text, relapses::text, node, run, state
              FROM polysync.incidents WHERE {where} ORDER BY incidents.id DESC LIMIT {limit}
            """), [.. parameters]);

        void And(string condition, object value)
        {
            parameters.Add(value);
            where += " AND " + string.Format(CultureInfo.InvariantCulture, condition, $"${parameters.Count}");
        }
    }

    public static StoredIncident Read(string?[] r) => new(
        Sql.Long(r[0]),
        new Incident(r[1]!, Enum.Parse<PipelineRole>(r[2]!, ignoreCase: true), Enum.Parse<IncidentKind>(r[3]!, ignoreCase: true), r[4]!, r[5]!, At(r[6])!.Value)
        {
            Ended = At(r[7]), LastReason = r[9], Outcome = r[10], Retries = Sql.Int(r[11]), CircuitOpenings = Sql.Int(r[12]), Restarts = Sql.Int(r[13]), Letters = Sql.Int(r[14]),
            Relapses = Sql.Int(r[15]), Run = r[17]!,
        },
        Enum.Parse<IncidentState>(r[18]!, ignoreCase: true), r[16]!, At(r[8]));

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string?[] Texts(IReadOnlyList<Incident> incidents, Func<Incident, string?> column) => [.. incidents.Select(i => DeadLetterSql.Clean(column(i)))];

    private static int[] Numbers(IReadOnlyList<Incident> incidents, Func<Incident, int> column) => [.. incidents.Select(column)];

    private static DateTimeOffset? At(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
