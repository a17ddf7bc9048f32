using System.Text;
using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// The content of a message that asks for rows once more: <c>refresh {"slot":…,"schema":…,"table":…,"keys":[{"id":"7"},…]}</c>. The log is shared: the slot says whose capture is meant.
/// </summary>
internal sealed record RefreshMarker(string Slot, TableName Table, IReadOnlyList<IReadOnlyDictionary<string, string>> Keys)
{
    /// <summary>Rows that one message asks for.</summary>
    public const int MaxRows = 500;

    private const string Prefix = "refresh ";

    /// <summary>The messages that ask for these rows.</summary>
    public static IEnumerable<string> Write(string slot, IReadOnlyList<DeadKey> rows) => rows.Distinct().GroupBy(r => r.Table)
        .SelectMany(table => table.Chunk(MaxRows).Select(part => Write(slot, table.Key, part)));

    /// <returns>Null where the message is another one, or its keys are no rows' keys.</returns>
    public static RefreshMarker? Parse(string content)
    {
        if (!content.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        try
        {
            using var json = JsonDocument.Parse(content.AsMemory(Prefix.Length));
            var root = json.RootElement;
            return new RefreshMarker(root.GetProperty("slot").GetString()!, new TableName(root.GetProperty("schema").GetString()!, root.GetProperty("table").GetString()!),
                [.. root.GetProperty("keys").EnumerateArray().Select(Texts)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The keys in key order; those that lack a column of it are left out.</summary>
    public IReadOnlyList<string[]> Ordered(Relation relation)
    {
        var names = relation.KeyOrdinals.Select(o => relation.Columns[o].Name).ToArray();
        return [.. Keys.Where(k => names.All(k.ContainsKey)).Select(k => names.Select(n => k[n]).ToArray())];
    }

    private static string Write(string slot, TableName table, IEnumerable<DeadKey> rows)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("slot", slot);
            json.WriteString("schema", table.Schema);
            json.WriteString("table", table.Name);
            json.WriteStartArray("keys");
            foreach (var row in rows) json.WriteRawValue(row.Key);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Prefix + Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Dictionary<string, string> Texts(JsonElement key) =>
        key.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!);
}
