using Npgsql;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>What happens to PostgreSQL and in it.</summary>
public static class SourceFaults
{
    /// <summary>Of a fault that adds a column.</summary>
    public const string ColumnName = "add column";

    public static Fault Kill(int downMs) => new("kill PostgreSQL", $"kill -9 of PostgreSQL, down for {downMs} ms", async world =>
    {
        await world.Postgres.KillAsync();
        await Fault.ForAsync(downMs);
        await world.Postgres.StartAsync();
    });

    public static Fault Restart(string mode) => new("restart PostgreSQL", $"restart PostgreSQL ({mode})", world => world.Postgres.RestartAsync(mode));

    /// <param name="mode">How PostgreSQL is restarted while the node reads the transaction.</param>
    public static Fault RestartInLargeTransaction(string mode, int rows) => new("restart PostgreSQL in a large transaction", $"restart PostgreSQL ({mode}) while {rows} rows of one transaction are read",
        async world =>
        {
            await LargeAsync(world, rows);
            await world.Postgres.RestartAsync(mode);
        });

    /// <summary>The node that reads the slot stands still for longer than the server waits for it.</summary>
    public static Fault SenderTimeout(int stillMs) => new("wal_sender_timeout", $"wal_sender_timeout of 1 s, the node stands still for {stillMs} ms", async world =>
    {
        await world.Postgres.ExecuteAsync("alter system set wal_sender_timeout = '1s'");
        await world.Postgres.ExecuteAsync("select pg_reload_conf()");
        var node = world.Capturer.Current;
        if (!node.HasExited) node.Suspend();
        await Fault.ForAsync(stillMs);
        if (!node.HasExited) node.Resume();
        await world.Postgres.ExecuteAsync("alter system reset wal_sender_timeout");
        await world.Postgres.ExecuteAsync("select pg_reload_conf()");
    });

    public static Fault LargeTransaction(int rows) => new("large transaction", $"a transaction of {rows} rows", world => LargeAsync(world, rows));

    /// <summary>Adds a column; the table's rows are rewritten where the default asks for it.</summary>
    public static Fault AddColumn(string table, string name, string type) => new(ColumnName, $"{table} gets column {name} {type}", async world =>
    {
        for (var tries = 0; tries < 40; tries++)
        {
            try
            {
                await world.SqlAsync($"set lock_timeout = '1s'; alter table {table} add column if not exists {name} {type}");
                return;
            }
            catch (NpgsqlException)
            {
                // the server is down for another fault, or the table is taken: again
                await Fault.ForAsync(250);
            }
        }
    });

    private static async Task LargeAsync(FaultWorld world, int rows)
    {
        try
        {
            await world.SqlAsync($"insert into notes (text, person_id) select 'one of many ' || n, p.id from generate_series(1, {rows / 100}) n, lateral (select id from people order by id limit 100) p; "
                + "update people set count = count + 1");
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.ForeignKeyViolation)
        {
            // it lost against the writers: rolled back as a whole
        }
    }
}
