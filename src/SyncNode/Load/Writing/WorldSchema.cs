using Npgsql;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Writing;

/// <summary>The schema of a world: made where it is missing, never touched where somebody else made it. Its comment says whose it is.</summary>
internal sealed class WorldSchema(NpgsqlConnection session, LoadWorld world, string schema)
{
    private const string AnyMark = "polysync load: ";

    /// <summary>One load at a time, for as long as the session lives: two would draw the same keys.</summary>
    /// <exception cref="PipelineFailure">Another one writes.</exception>
    public async Task LockAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('polysync load'), hashtext($1))", session) { Parameters = { new() { Value = schema } } };
        if (await command.ExecuteScalarAsync(stop) is not true)
            throw new PipelineFailure(FailureClass.Fatal, $"another 'polysync load' writes to schema {schema}; wait for it, give this one another --schema, or let one of them write with --connections");
    }

    /// <returns>What was done, for people.</returns>
    /// <exception cref="PipelineFailure">The schema is somebody else's, or of another world.</exception>
    public async Task<string> PrepareAsync(int fill, bool reset, CancellationToken stop)
    {
        await using var transaction = await session.BeginTransactionAsync(stop);
        var (exists, mark) = await FindAsync(stop);
        if (exists && mark?.StartsWith(AnyMark, StringComparison.Ordinal) != true)
            throw Unfit($"schema {schema} was not made by 'polysync load', which does not touch it; give another one with --schema");
        if (exists && mark != world.Mark && !reset)
            throw Unfit($"schema {schema} holds {mark![AnyMark.Length..]}, not {world.Mark[AnyMark.Length..]}; give another one with --schema, or make it anew with --reset, which drops it");

        var isEmpty = false;
        if (exists && reset)
        {
            if (mark == world.Mark) await ExecuteAsync($"TRUNCATE {string.Join(", ", world.TableNames)}, {world.ProbeTable} RESTART IDENTITY", stop);
            else await ExecuteAsync($"DROP SCHEMA {schema} CASCADE", stop);
            (isEmpty, exists) = (true, mark == world.Mark);
        }
        var says = exists ? isEmpty ? "emptied" : "found" : "made";
        if (!exists)
        {
            await ExecuteAsync($"CREATE SCHEMA {schema}; COMMENT ON SCHEMA {schema} IS '{world.Mark}'", stop);
            await ExecuteAsync($"{world.Tables}\n{world.ProbeTables}", stop);
        }
        if ((isEmpty || !exists) && fill > 0)
        {
            await ExecuteAsync(world.Fill(fill), stop);
            await ExecuteAsync($"ANALYZE {string.Join(", ", world.TableNames)}", stop);
        }
        var rows = await CountAsync(stop);
        await transaction.CommitAsync(stop);
        return $"{says} world {world.Name} in schema {schema}: {Amounts.Count(rows)} rows in {string.Join(", ", world.TableNames)}";
    }

    /// <summary>One probe for each connection, as at the start of a run.</summary>
    public async Task ResetProbesAsync(string run, int connections, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"""
            INSERT INTO {world.ProbeTable} SELECT c, $1, 0 FROM generate_series(0, $2 - 1) c
            ON CONFLICT (connection) DO UPDATE SET run = excluded.run, number = 0
            """, session)
        { Parameters = { new() { Value = run }, new() { Value = connections } } };
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<(bool Exists, string? Mark)> FindAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1", session) { Parameters = { new() { Value = schema } } };
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? (true, reader.IsDBNull(0) ? null : reader.GetString(0)) : (false, null);
    }

    private async Task<long> CountAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"SELECT {string.Join(" + ", world.TableNames.Select(t => $"(SELECT count(*) FROM {t})"))}", session) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Takes as long as the tables are large.</summary>
    private async Task ExecuteAsync(string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop);
    }

    private static PipelineFailure Unfit(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.SourceUnfit };
}
