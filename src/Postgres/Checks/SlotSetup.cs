using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Makes the replication slot where missing, and says why one that is there cannot be used.</summary>
internal sealed class SlotSetup(SideConnection source, SourceNames names, TimeProvider time, ILogger log)
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
                await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot({Sql.Literal(names.Slot)}, 'pgoutput')", cancellationToken);
                SourceLog.SlotMade(log, names.Slot);
                return true;
            }
            var s = rows[0];
            var mistake = s[5] != "logical" ? "is a physical slot: set source.slot to another name"
                : s[0] != "pgoutput" ? $"uses the output plugin '{s[0]}' and must use pgoutput: set source.slot to another name, or drop it"
                : s[1] != s[2] ? $"belongs to database '{s[1]}': set source.slot to another name"
                : s[3] == "lost" ? "is lost: the log it needs has been removed (see max_slot_wal_keep_size). "
                    + $"Run SELECT pg_drop_replication_slot({Sql.Literal(names.Slot)}); delete the pipeline's state in the target, and copy again"
                : s[4] is not null && time.GetElapsedTime(since) > Patience
                    ? $"is held by PID {s[4]} ({s[7]} on {s[8]}); stop that session or set source.slot to another name"
                : null;
            if (mistake is not null) throw SourceFailure.Unfit($"source {source.Where}: slot '{names.Slot}' {mistake}");
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
            [] => throw SourceFailure.Unfit($"source {source.Where}: slot '{names.Slot}' is gone: what was committed since is lost; "
                + "delete the pipeline's data and state in the target and start again with a copy"),
            [[_, "lost"]] => throw SourceFailure.Unfit($"source {source.Where}: slot '{names.Slot}' is lost: the log it needs has been removed "
                + $"(see max_slot_wal_keep_size). Run SELECT pg_drop_replication_slot({Sql.Literal(names.Slot)}); delete the pipeline's state in the target, and copy again"),
            [[null, ..]] => Lsn.Zero,
            [[var lsn, ..], ..] => Lsn.Parse(lsn),
            _ => throw SourceFailure.Unfit($"source {source.Where}: slot '{names.Slot}' cannot be read"),
        };
    }
}
