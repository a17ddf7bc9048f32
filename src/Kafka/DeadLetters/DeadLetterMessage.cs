using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;

namespace PolyglotSync.Kafka.DeadLetters;

/// <summary>A dead letter as a message of <c>PREFIX.__dead</c>: the key is table and row key, the value a JSON object; documented in docs/kafka.md.</summary>
internal static class DeadLetterMessage
{
    /// <summary>What a message weighs beside key and value, at the most.</summary>
    private const int Overhead = 1024;

    /// <param name="maxBytes">Largest message; where row and statement do not fit they are left out, and <c>truncated</c> says so.</param>
    public static Message<byte[], byte[]> Of(DeadLetter letter, int maxBytes)
    {
        var key = Write(json =>
        {
            json.WriteString("table", letter.Table.ToString());
            Object(json, "key", letter.Key);
        });
        var value = Value(letter, isWhole: true);
        return new Message<byte[], byte[]>
        {
            Key = key, Value = key.Length + value.Length + Overhead <= maxBytes ? value : Value(letter, isWhole: false), Timestamp = new Timestamp(letter.At.UtcDateTime),
        };
    }

    private static byte[] Value(DeadLetter letter, bool isWhole) => Write(json =>
    {
        json.WriteString("pipeline", letter.Pipeline);
        json.WriteString("table", letter.Table.ToString());
        json.WriteString("operation", letter.Operation);
        Object(json, "key", letter.Key);
        if (isWhole) Object(json, "row", letter.Row);
        json.WriteString("position", letter.Position.ToString());
        json.WriteString("reason", letter.Reason);
        if (isWhole) json.WriteString("cypher", letter.Cypher);
        else json.WriteBoolean("truncated", true);
        json.WriteBoolean("follows", letter.Follows);
        json.WriteString("at", letter.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
    });

    private static byte[] Write(Action<Utf8JsonWriter> fill)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is JSON as it is, what is not as a text.</summary>
    private static void Object(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null)
        {
            json.WriteNullValue();
            return;
        }
        try
        {
            using var parsed = JsonDocument.Parse(text);
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(text);
        }
    }
}
