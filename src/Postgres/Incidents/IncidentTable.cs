using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The table <c>polysync.incidents</c>: made when the first incident comes. Open is what has neither an end nor a later start that closed it without knowing one.</summary>
internal sealed class IncidentTable(SideConnection source)
{
    private bool _isReady;

    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        _isReady || (_isReady = (await source.QueryAsync("SELECT to_regclass('polysync.incidents')::text", [], cancellationToken))[0][0] is not null);

    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.SourceUnfit"/>: the role may not make it.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await IsThereAsync(cancellationToken)) return;
        try
        {
            await source.ExecuteAsync(Statements, cancellationToken);
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Fatal)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"incidents cannot be kept in the source: {e.Message}. Let a superuser run CREATE SCHEMA polysync "
                + "AUTHORIZATION <the role> (or give the role what is there: ALTER SCHEMA polysync OWNER TO <the role>)", e)
            { ExitCode = ExitCode.SourceUnfit };
        }
        _isReady = true;
    }

    // One implicit transaction, under the lock of the dead letters' table: both may make the schema.
    private const string Statements = """
        SELECT pg_advisory_xact_lock(7710, 1);
        DO $$ BEGIN IF to_regnamespace('polysync') IS NULL THEN CREATE SCHEMA polysync; END IF; END $$;
        CREATE TABLE IF NOT EXISTS polysync.incidents (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pipeline text NOT NULL, role text NOT NULL, kind text NOT NULL, part text NOT NULL,
            began_at timestamptz NOT NULL, ended_at timestamptz, closed_at timestamptz, reason text NOT NULL, last_reason text, outcome text,
            retries integer NOT NULL, circuit_openings integer NOT NULL, restarts integer NOT NULL, dead_letters integer NOT NULL, relapses integer NOT NULL,
            node text NOT NULL, run text NOT NULL,
            state text NOT NULL GENERATED ALWAYS AS
                (CASE WHEN ended_at IS NOT NULL THEN 'ended' WHEN closed_at IS NOT NULL THEN 'unknown' ELSE 'open' END) STORED);
        CREATE UNIQUE INDEX IF NOT EXISTS incidents_once ON polysync.incidents (pipeline, role, began_at);
        CREATE INDEX IF NOT EXISTS incidents_newest ON polysync.incidents (pipeline, id);
        """;
}
