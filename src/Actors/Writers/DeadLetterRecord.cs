using System.Text;
using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Turns an operation that the graph refused into what the dead letter store keeps.</summary>
internal static class DeadLetterRecord
{
    public static DeadLetter From(string pipeline, in RowOperation operation, string reason, string? cypher, DateTimeOffset at)
    {
        var (image, relation) = operation.New.Exists ? (operation.New, operation.Relation) : (operation.Old, operation.OldRelation);
        return new DeadLetter(pipeline, relation.Table, operation.Kind.ToString().ToLowerInvariant(), Key(image, relation),
            Json(image, relation, [.. Enumerable.Range(0, relation.Columns.Length)]), operation.Position, reason, cypher, at);
    }

    /// <summary>Of a message that could not be read. Its key is the row's where that can be read, else the message's place; its row the message.</summary>
    public static DeadLetter From(string pipeline, RefusedMessage message, DateTimeOffset at) => new(pipeline, message.Table, DeadLetter.Message, KeyOf(message),
        message.Value.Length == 0 ? null : message.Value, message.Position, $"{message.Topic} [{message.Partition}], offset {message.Offset}, {message.Bytes} bytes: {message.Reason}", null, at);

    private static string KeyOf(RefusedMessage message)
    {
        var columns = new Dictionary<string, string?>();
        try
        {
            using var json = JsonDocument.Parse(message.Key);
            // with its schema, as Kafka Connect writes it where nobody says otherwise
            var key = json.RootElement.TryGetProperty("payload", out var payload) && json.RootElement.TryGetProperty("schema", out _) && payload.ValueKind == JsonValueKind.Object ? payload : json.RootElement;
            foreach (var column in key.EnumerateObject())
                columns[column.Name] = column.Value.ValueKind == JsonValueKind.String ? column.Value.GetString() : column.Value.GetRawText();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            columns = new Dictionary<string, string?> { ["message"] = $"{message.Topic} [{message.Partition}], offset {message.Offset}" };
        }
        return JsonSerializer.Serialize(columns);
    }

    /// <summary>The row's key: column names and texts, in key order.</summary>
    public static string Key(ImageRef image, Relation relation) => Json(image, relation, relation.KeyOrdinals);

    private static string Json(ImageRef image, Relation relation, int[] ordinals)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var ordinal in ordinals)
            {
                if (ordinal >= image.Image.Count || !image.Image.IsSent(ordinal)) continue;
                if (image.Image.IsNull(ordinal)) json.WriteNull(relation.Columns[ordinal].Name);
                else json.WriteString(relation.Columns[ordinal].Name, image.Image[ordinal]);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
