using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Compare;

/// <summary>Reads tables as text, in canonical form.</summary>
internal sealed class TableReader(NpgsqlDataSource source)
{
    /// <param name="notNull">Columns that must have a value for a row to count.</param>
    public async Task<IReadOnlyList<string?[]>> ReadAsync(
        TableName table, IReadOnlyList<ColumnSchema> columns, IReadOnlyList<string> notNull, CancellationToken cancellationToken)
    {
        var list = string.Join(", ", columns.Select(c => $"{TableName.Quote(c.Name)}::text"));
        var where = notNull.Count == 0 ? "" : $" WHERE {string.Join(" AND ", notNull.Select(c => $"{TableName.Quote(c)} IS NOT NULL"))}";
        var rows = new List<string?[]>();
        await using var session = await source.OpenConnectionAsync(cancellationToken);
        await using (var set = new NpgsqlCommand("SET timezone = 'UTC'; SET datestyle = ISO; SET extra_float_digits = 3", session))
        {
            await set.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var command = new NpgsqlCommand($"SELECT {list} FROM {table.Quoted}{where}", session) { CommandTimeout = 600 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new string?[columns.Count];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : CanonicalText.Of(columns[i].Type, reader.GetString(i));
            rows.Add(row);
        }
        return rows;
    }
}
