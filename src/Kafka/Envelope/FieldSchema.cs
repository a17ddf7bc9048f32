using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

internal enum TimeUnit : byte { Unknown, Millis, Micros, Nanos }

/// <summary>What Connect's schema says of a field, as far as reading it needs that.</summary>
/// <param name="Unit">Of a time, timestamp or duration that is a number.</param>
/// <param name="Scale">Of a decimal in base64.</param>
/// <param name="IsBytes">True where the value is base64 of bytes.</param>
internal sealed record FieldSchema(TimeUnit Unit, int? Scale, bool IsBytes, FieldSchema? Items)
{
    /// <summary>The fields of a structure's schema, by name.</summary>
    public static Dictionary<string, FieldSchema> ReadFields(JsonElement structure)
    {
        var fields = new Dictionary<string, FieldSchema>(StringComparer.Ordinal);
        if (!structure.TryGetProperty("fields", out var list) || list.ValueKind != JsonValueKind.Array) return fields;
        foreach (var field in list.EnumerateArray())
            if (Text(field, "field") is { } name) fields[name] = Of(field);
        return fields;
    }

    /// <summary>The fields of the structure in a field called so; null where there is none.</summary>
    public static Dictionary<string, FieldSchema>? ReadFields(JsonElement structure, string field)
    {
        if (!structure.TryGetProperty("fields", out var list) || list.ValueKind != JsonValueKind.Array) return null;
        foreach (var candidate in list.EnumerateArray())
            if (Text(candidate, "field") == field) return ReadFields(candidate);
        return null;
    }

    private static FieldSchema Of(JsonElement field)
    {
        var items = field.TryGetProperty("items", out var element) && element.ValueKind == JsonValueKind.Object ? Of(element) : null;
        var unit = Text(field, "name") switch
        {
            "io.debezium.time.Time" or "io.debezium.time.Timestamp" or "org.apache.kafka.connect.data.Time" or "org.apache.kafka.connect.data.Timestamp" => TimeUnit.Millis,
            "io.debezium.time.MicroTime" or "io.debezium.time.MicroTimestamp" or "io.debezium.time.MicroDuration" => TimeUnit.Micros,
            "io.debezium.time.NanoTime" or "io.debezium.time.NanoTimestamp" or "io.debezium.time.NanoDuration" => TimeUnit.Nanos,
            _ => TimeUnit.Unknown,
        };
        return new FieldSchema(unit, ScaleOf(field), Text(field, "type") == "bytes", items);
    }

    private static int? ScaleOf(JsonElement field) =>
        Text(field, "name") == "org.apache.kafka.connect.data.Decimal" && field.TryGetProperty("parameters", out var parameters)
            && parameters.ValueKind == JsonValueKind.Object && int.TryParse(Text(parameters, "scale"), null, out var scale) ? scale : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
