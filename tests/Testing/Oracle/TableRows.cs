using System.Text;
using Npgsql;

namespace PolyglotSync.Testing.Oracle;

/// <summary>The rows of a table as PostgreSQL's output functions print them (COPY's text format, unescaped), in settings that do not lose anything.</summary>
public static class TableRows
{
    public static async Task<List<string?[]>> ReadAsync(NpgsqlConnection connection, OracleTable table)
    {
        var columns = string.Join(", ", table.Columns.Select(c => OracleTable.Quote(c.Name)));
        using var reader = await connection.BeginTextExportAsync($"copy (select {columns} from {table.Sql}) to stdout");
        var rows = new List<string?[]>();
        while (await reader.ReadLineAsync() is { } line) rows.Add([.. line.Split('\t').Select(Unescape)]);
        return rows;
    }

    public const string Settings =
        "set datestyle = 'ISO'; set intervalstyle = 'iso_8601'; set timezone = 'UTC'; set bytea_output = 'hex'; set extra_float_digits = 3";

    private static string? Unescape(string field)
    {
        if (field == "\\N") return null;
        if (!field.Contains('\\', StringComparison.Ordinal)) return field;
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] != '\\')
            {
                text.Append(field[i]);
                continue;
            }
            text.Append(field[++i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', var c => c });
        }
        return text.ToString();
    }
}
