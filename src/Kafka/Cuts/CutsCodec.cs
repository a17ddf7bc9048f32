using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Cuts;

/// <summary>Key and value of the records. The key says the kind, and of which records compaction keeps the last alone: that is the cut of each epoch; all others have a key to themselves.</summary>
public static class CutsCodec
{
    public static byte[] Key(CutsRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        switch (record)
        {
            case ClaimRecord claim:
                json.WriteNumber("claim"u8, claim.Epoch);
                json.WriteString("by"u8, claim.By);
                break;
            case EpochRecord:
                json.WriteNumber("epoch"u8, record.Epoch);
                break;
            case RelationRecord relation:
                json.WriteString("relation"u8, relation.Table.ToString());
                json.WriteNumber("epoch"u8, record.Epoch);
                json.WriteNumber("change"u8, relation.Change);
                break;
            case CutRecord:
                json.WriteNumber("cut"u8, record.Epoch);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record.GetType(), "a kind of record without a key");
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Value(CutsRecord record) => record switch
    {
        ClaimRecord claim => JsonSerializer.SerializeToUtf8Bytes(claim, CutsJson.Default.ClaimRecord),
        EpochRecord epoch => JsonSerializer.SerializeToUtf8Bytes(epoch, CutsJson.Default.EpochRecord),
        RelationRecord relation => JsonSerializer.SerializeToUtf8Bytes(relation, CutsJson.Default.RelationRecord),
        CutRecord cut => JsonSerializer.SerializeToUtf8Bytes(cut, CutsJson.Default.CutRecord),
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.GetType(), "a kind of record without a value"),
    };

    /// <param name="where">Topic and offset, for the message.</param>
    /// <returns>Null for a kind that a later version may have added, and for a value that was taken back (null).</returns>
    /// <exception cref="PipelineFailure">Fatal: it is no record of ours.</exception>
    public static CutsRecord? Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, string where)
    {
        try
        {
            var kind = Kind(key);
            if (value.IsEmpty) return null;
            return kind switch
            {
                "claim" => Read(value, CutsJson.Default.ClaimRecord),
                "epoch" => Read(value, CutsJson.Default.EpochRecord),
                "relation" => Read(value, CutsJson.Default.RelationRecord),
                "cut" => Read(value, CutsJson.Default.CutRecord),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw KafkaFailures.Unfit(where, $"this is no record of PolyglotSync's cuts ({e.Message}); leave the topic to us alone: choose another kafka.prefix, or {Resync.Anew}", e);
        }
    }

    private static string Kind(ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader(key);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName) throw new JsonException("its key is no JSON object");
        return reader.GetString()!;
    }

    private static T Read<T>(ReadOnlySpan<byte> value, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(value, type) ?? throw new JsonException("its value is null");
}
