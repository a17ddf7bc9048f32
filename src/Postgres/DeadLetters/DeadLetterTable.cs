using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// The table <c>polysync.dead_letters</c>: made when the first letter comes, brought up to date where an earlier version made it (one letter for each refused change, without counts and
/// states). Open is what is neither resolved nor discarded; a discarded letter is resolved too once the graph is right about its row again.
/// </summary>
internal sealed class DeadLetterTable(SideConnection source)
{
    private bool _isReady;

    /// <summary>Whether it is there; then it is up to date.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        if (_isReady) return true;
        var rows = await source.QueryAsync("""
            SELECT (attname = 'state')::text FROM pg_catalog.pg_attribute
             WHERE attrelid = to_regclass('polysync.dead_letters') AND attname IN ('id', 'state') AND NOT attisdropped
            """, [], cancellationToken);
        if (rows.Count == 0) return false;
        if (rows.Count == 1) await MakeAsync(cancellationToken);
        return _isReady = true;
    }

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await IsThereAsync(cancellationToken)) return;
        await MakeAsync(cancellationToken);
        _isReady = true;
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await source.ExecuteAsync(Statements, cancellationToken);
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Fatal)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"dead letters cannot be kept in the source: {e.Message}. Let a superuser run CREATE SCHEMA polysync "
                + "AUTHORIZATION <the role> (or give the role what is there: ALTER TABLE polysync.dead_letters OWNER TO <the role>); or set on_poison: halt", e)
            { ExitCode = ExitCode.SourceUnfit };
        }
    }

    // One implicit transaction, under a lock: several nodes may come to it at once. Every statement may find its work done.
    private const string Statements = """
        SELECT pg_advisory_xact_lock(7710, 1);
        DO $$ BEGIN IF to_regnamespace('polysync') IS NULL THEN CREATE SCHEMA polysync; END IF; END $$;
        CREATE TABLE IF NOT EXISTS polysync.dead_letters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pipeline text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL,
            operation text NOT NULL, key text NOT NULL, "row" text, commit_lsn pg_lsn NOT NULL, idx integer NOT NULL, reason text NOT NULL,
            cypher text, last_seen timestamptz NOT NULL, resolved_at timestamptz);
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = 'polysync.dead_letters'::regclass AND attname = 'at' AND NOT attisdropped)
            THEN ALTER TABLE polysync.dead_letters RENAME COLUMN at TO last_seen; END IF;
        END $$;
        ALTER TABLE polysync.dead_letters
            ADD COLUMN IF NOT EXISTS resolved_at timestamptz, ADD COLUMN IF NOT EXISTS first_seen timestamptz, ADD COLUMN IF NOT EXISTS count integer NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS discarded_at timestamptz, ADD COLUMN IF NOT EXISTS retried_at timestamptz;
        UPDATE polysync.dead_letters SET first_seen = last_seen WHERE first_seen IS NULL;
        WITH open AS (
            SELECT id, first_value(id) OVER (same ORDER BY commit_lsn DESC, idx DESC, id DESC) AS kept, min(first_seen) OVER same AS since, sum(count) OVER same AS times
              FROM polysync.dead_letters WHERE resolved_at IS NULL AND discarded_at IS NULL
            WINDOW same AS (PARTITION BY pipeline, table_schema, table_name, md5(key))),
        folded AS (DELETE FROM polysync.dead_letters d USING open o WHERE d.id = o.id AND o.id <> o.kept)
        UPDATE polysync.dead_letters d SET first_seen = o.since, count = o.times FROM open o WHERE d.id = o.id AND o.id = o.kept AND o.times > d.count;
        ALTER TABLE polysync.dead_letters ALTER COLUMN first_seen SET NOT NULL,
            ADD COLUMN IF NOT EXISTS state text NOT NULL GENERATED ALWAYS AS
                (CASE WHEN discarded_at IS NOT NULL THEN 'discarded' WHEN resolved_at IS NOT NULL THEN 'resolved' ELSE 'open' END) STORED;
        DROP INDEX IF EXISTS polysync.dead_letters_once;
        CREATE UNIQUE INDEX IF NOT EXISTS dead_letters_open ON polysync.dead_letters (pipeline, table_schema, table_name, md5(key))
            WHERE resolved_at IS NULL AND discarded_at IS NULL;
        CREATE INDEX IF NOT EXISTS dead_letters_row ON polysync.dead_letters (pipeline, table_schema, table_name, md5(key));
        CREATE INDEX IF NOT EXISTS dead_letters_unsettled ON polysync.dead_letters (pipeline, id) WHERE resolved_at IS NULL;
        """;
}
