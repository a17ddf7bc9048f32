using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Drops what a pipeline has in its source, once it has stopped: slot and publication.</summary>
public sealed class SourceRemoval(PipelineSettings settings, TimeProvider time)
{
    /// <summary>How long the server may take to notice that the stream has ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>What was dropped; nothing where nothing was there.</returns>
    /// <exception cref="PipelineFailure">The source cannot be reached, somebody else holds the slot, or the role may not drop the publication.</exception>
    public async Task<IReadOnlyList<string>> DropAsync(CancellationToken cancellationToken)
    {
        var names = SourceNames.Of(settings);
        var dropped = new List<string>();
        await using var source = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
        if (await DropSlotAsync(source, names.Slot, cancellationToken)) dropped.Add($"slot '{names.Slot}'");
        if ((await source.QueryAsync("SELECT 1::text FROM pg_publication WHERE pubname = $1", [names.Publication], cancellationToken)).Count > 0)
        {
            await source.ExecuteAsync($"DROP PUBLICATION {TableName.Quote(names.Publication)}", cancellationToken);
            dropped.Add($"publication '{names.Publication}'");
        }
        return dropped;
    }

    private async Task<bool> DropSlotAsync(SideConnection source, string slot, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var rows = await source.QueryAsync("SELECT active_pid::text FROM pg_replication_slots WHERE slot_name = $1", [slot], cancellationToken);
            if (rows.Count == 0) return false;
            if (rows[0][0] is not { } pid)
            {
                await source.ExecuteAsync($"SELECT pg_drop_replication_slot({Sql.Literal(slot)})", cancellationToken);
                return true;
            }
            if (time.GetElapsedTime(since) > Patience) throw SourceFailure.Unfit($"source {source.Where}: slot '{slot}' is held by PID {pid}; stop that session, then run SELECT pg_drop_replication_slot({Sql.Literal(slot)})");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }
}
