using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Takes a message of JsonConverter with <c>schemas.enable=true</c> apart: <c>{"schema":…,"payload":…}</c>. The schema is many times the size of the row and the same from message to message: it
/// is read once and then only compared.
/// </summary>
/// <param name="row">The field whose structure is the row's; null where the schema itself is (a key).</param>
internal sealed class SchemaPart(string? row)
{
    private byte[] _known = [];

    /// <summary>What the last message's schema said of the row's columns; null where it had none.</summary>
    public Dictionary<string, FieldSchema>? Fields { get; private set; }

    private Dictionary<string, FieldSchema>? KnownFields { get; set; }

    /// <returns>The payload; the whole message where it has no schema.</returns>
    /// <exception cref="JsonException">The message is not JSON.</exception>
    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> message)
    {
        if (_known.Length > 0 && message.StartsWith(_known) && message[^1] == '}')
        {
            Fields = KnownFields;
            return message[_known.Length..^1];
        }
        Fields = null;
        var reader = new Utf8JsonReader(message);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return message;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return message;
        if (reader.ValueTextEquals("schema"u8)) return SchemaFirst(message, ref reader);
        return reader.ValueTextEquals("payload"u8) ? PayloadFirst(message, ref reader) : message;
    }

    private ReadOnlySpan<byte> SchemaFirst(ReadOnlySpan<byte> message, scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        using var schema = JsonDocument.ParseValue(ref reader);
        if (!reader.Read() || !reader.ValueTextEquals("payload"u8)) return message;
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var payload = message[start..(int)reader.BytesConsumed];
        Read(schema.RootElement);
        // Only the form that JsonConverter itself writes, nothing behind the payload but its brace, can be recognised by its beginning.
        if (message.Length == reader.BytesConsumed + 1) (_known, KnownFields) = (message[..start].ToArray(), Fields);
        return payload;
    }

    private ReadOnlySpan<byte> PayloadFirst(ReadOnlySpan<byte> message, scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var payload = message[start..(int)reader.BytesConsumed];
        if (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("schema"u8))
        {
            reader.Read();
            using var schema = JsonDocument.ParseValue(ref reader);
            Read(schema.RootElement);
        }
        return payload;
    }

    private void Read(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;
        Fields = row is null ? FieldSchema.ReadFields(schema) : FieldSchema.ReadFields(schema, row);
    }
}
