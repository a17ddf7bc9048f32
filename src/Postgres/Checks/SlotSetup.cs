using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Makes the replication slot where missing, and says why one that is there cannot be used.</summary>
/// <param name="followsOthers">Whether it comes after another node, which may be cut off: the server lets go of that one's session after wal_sender_timeout, and there is nothing to do but wait.</param>
internal sealed class SlotSetup(SideConnection source, SourceNames names, TimeProvider time, ILogger log, bool followsOthers = false)
{
    /// <summary>How long a slot may stay with whoever held it before: after a crash the server needs a moment to notice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>True where the slot was made now.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var rows = await source.QueryAsync("""
                SELECT s.plugin::text, s.database::text, current_database()::text, s.wal_status, s.active_pid::text, s.slot_type, s.temporary::text,
                       coalesce(nullif(a.application_name, ''), '?'), coalesce(host(a.client_addr), 'a local socket')
                  FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid WHERE s.slot_name = $1
                """, [names.Slot], cancellationToken);
            if (rows.Count == 0)
            {
                Failpoint.Reach(Failpoint.BeforeSlot);
                // it waits for the end of every transaction that is open now
                await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot({Sql.Literal(names.Slot)}, 'pgoutput')", cancellationToken, isLong: true);
                SourceLog.SlotMade(log, names.Slot);
                return true;
            }
            var s = rows[0];
            if (followsOthers && s[4] is not null && time.GetElapsedTime(since) > Patience)
            {
                throw new PipelineFailure(FailureClass.Transient, $"slot '{names.Slot}' is held by PID {s[4]} ({s[7]} on {s[8]}) still: where that is a node that died or is cut off, the server lets go of it "
                    + $"after its wal_sender_timeout, or at once with SELECT pg_terminate_backend({s[4]})")
                { ExitCode = ExitCode.SourceUnfit };
            }
            var mistake = s[5] != "logical" ? "is a physical slot: set source.slot to another name"
                : s[0] != "pgoutput" ? $"uses the output plugin '{s[0]}' and must use pgoutput: set source.slot to another name, or drop it"
                : s[1] != s[2] ? $"belongs to database '{s[1]}': set source.slot to another name"
                : s[3] == "lost" ? Lost
                : s[4] is not null && time.GetElapsedTime(since) > Patience
                    ? $"is held by PID {s[4]} ({s[7]} on {s[8]}); stop that session or set source.slot to another name"
                : null;
            if (mistake is not null) throw Unfit(mistake);
            if (s[4] is null) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    /// <summary>Up to where the slot's consumer has confirmed.</summary>
    /// <exception cref="PipelineFailure">Fatal: the slot is gone or lost.</exception>
    public async Task<Lsn> ConfirmedAsync(CancellationToken cancellationToken)
    {
        var rows = await source.QueryAsync(
            "SELECT confirmed_flush_lsn::text, wal_status FROM pg_replication_slots WHERE slot_name = $1", [names.Slot], cancellationToken);
        return rows switch
        {
            [] => throw Unfit($"is gone: what was committed since is lost; {SourceFailure.CopyAgain}"),
            [[_, "lost"]] => throw Unfit(Lost),
            [[null, ..]] => Lsn.Zero,
            [[var lsn, ..], ..] => Lsn.Parse(lsn),
            _ => throw Unfit("cannot be read"),
        };
    }

    /// <summary>
    /// A slot is never confirmed beyond what is durable in the graph: one that is was made anew (or moved on by hand), and what lies between would be passed over in
    /// silence. A log that ends before the graph's position is another server's, or that of a restored backup.
    /// </summary>
    /// <param name="isNew">The slot was made by us just now; it is dropped again, so that it holds no log back.</param>
    /// <param name="durable">The watermark recorded in the graph; zero where not known.</param>
    /// <exception cref="PipelineFailure">Fatal: log and graph do not meet.</exception>
    public async Task CheckContinuityAsync(
        string pipeline, bool isNew, Lsn confirmed, Position from, Lsn durable, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            await source.ExecuteAsync($"SELECT pg_drop_replication_slot({Sql.Literal(names.Slot)})", cancellationToken);
            throw Unfit($"is gone though the graph of pipeline '{pipeline}' stands at {from}: what was committed since is lost; {SourceFailure.CopyAgain}");
        }
        if (durable > Lsn.Zero && confirmed > durable)
        {
            throw Unfit($"begins at {confirmed} though the graph of pipeline '{pipeline}' stands at {durable}: it was made anew or moved on, and what was committed between is lost; "
                + SourceFailure.CopyAgain);
        }
        var end = Lsn.Parse((await source.QueryAsync("SELECT pg_current_wal_insert_lsn()::text", [], cancellationToken))[0][0]);
        if (end >= Lsn.Max(durable, from.CommitLsn)) return;
        throw SourceFailure.Unfit($"source {source.Where}: the server's log ends at {end} though the graph of pipeline '{pipeline}' stands at {Lsn.Max(durable, from.CommitLsn)}: "
            + $"it is another server, or was restored from a backup; check the source's address; or {SourceFailure.CopyAgain}");
    }

    private string Lost => "is lost: the log it needs has been removed (see max_slot_wal_keep_size). "
        + $"Run SELECT pg_drop_replication_slot({Sql.Literal(names.Slot)}); then {SourceFailure.CopyAgain}";

    private PipelineFailure Unfit(string what) => SourceFailure.Unfit($"source {source.Where}: slot '{names.Slot}' {what}");
}
