using Npgsql;
using PolyglotSync.SyncNode.Load.Statements;
using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Writing;

/// <summary>Reads what a connection starts from, or goes on from after a failure.</summary>
internal static class KnownRowsReader
{
    /// <param name="number">The connection's, from 0.</param>
    public static async Task<KnownRows> ReadAsync(NpgsqlConnection session, LoadWorld world, int number, int connections)
    {
        var rows = new Dictionary<KeySet, IReadOnlyList<(long, long)>>();
        foreach (var set in world.Keys) rows[set] = await ReadAsync(session, set, number, connections);
        return new KnownRows(rows, await NumberAsync(session, world.HighestId), await NumberAsync(session, world.HighestNumber));
    }

    private static async Task<List<(long, long)>> ReadAsync(NpgsqlConnection session, KeySet set, int number, int connections)
    {
        var rows = new List<(long, long)>();
        await using var command = new NpgsqlCommand(set.Read, session)
        {
            Parameters = { new() { Value = (long)connections }, new() { Value = (long)number }, new() { Value = (long)KnownRows.MostFor(connections) } }, CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return rows;
    }

    private static async Task<long> NumberAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
