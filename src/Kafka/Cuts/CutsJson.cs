using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyglotSync.Kafka.Cuts;

/// <summary>The JSON of the records: names in snake_case, positions and LSNs as text, what is null left out, unknown fields passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    Converters = [typeof(LsnText), typeof(PositionText), typeof(CopyText)])]
[JsonSerializable(typeof(ClaimRecord))]
[JsonSerializable(typeof(EpochRecord))]
[JsonSerializable(typeof(RelationRecord))]
[JsonSerializable(typeof(CutRecord))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, TableCopy>))]
[JsonSerializable(typeof(Dictionary<string, TableCopy>))]
internal sealed partial class CutsJson : JsonSerializerContext;

internal sealed class LsnText : JsonConverter<Lsn>
{
    public override Lsn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lsn.TryParse(reader.GetString(), out var lsn) ? lsn : throw new JsonException("not an LSN");

    public override void Write(Utf8JsonWriter writer, Lsn value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class PositionText : JsonConverter<Position>
{
    public override Position Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Position.Parse(reader.GetString() ?? throw new JsonException("a position is missing"));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new JsonException("not a position", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Position value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>An object of the tables.</summary>
internal sealed class CopyText : JsonConverter<CopyState>
{
    public override CopyState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, CutsJson.Default.DictionaryStringTableCopy) ?? throw new JsonException("the copy's state is missing"));

    public override void Write(Utf8JsonWriter writer, CopyState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Tables, CutsJson.Default.IReadOnlyDictionaryStringTableCopy);
}

/// <summary>Schema and name, each with its own dots.</summary>
internal sealed class TableNameText : JsonConverter<TableName>
{
    public override TableName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("a table is an array of schema and name");
        reader.Read();
        var schema = reader.GetString();
        reader.Read();
        var name = reader.GetString();
        reader.Read();
        return schema is not null && name is not null && reader.TokenType == JsonTokenType.EndArray ? new TableName(schema, name) : throw new JsonException("a table is an array of schema and name");
    }

    public override void Write(Utf8JsonWriter writer, TableName value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Schema);
        writer.WriteStringValue(value.Name);
        writer.WriteEndArray();
    }
}
