using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>An envelope taken apart: its rows as images in the batch's buffer.</summary>
/// <param name="Operation">The letter of <c>op</c>; 0 where it is missing.</param>
/// <param name="Before">The image's offset; -1 where there is none.</param>
internal readonly record struct EnvelopeParts(byte Operation, int Before, int After, SourceBlock? Source)
{
    /// <summary>Reads <c>{"before":…,"after":…</c> of an envelope of ours whose rest was read already. The object that is not closed is no matter: nothing is read behind the second row.</summary>
    /// <returns>Null, what was read to be taken back, where the rows are laid out otherwise.</returns>
    public static EnvelopeParts? ReadRows(ReadOnlySpan<byte> head, RelationCodec codec, in SourceBlock source, byte operation, RowReader rows, ChangeBatchWriter writer)
    {
        var reader = new Utf8JsonReader(head);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject
            || !TryRow(ref reader, "before"u8, codec, rows, writer, out var before) || !TryRow(ref reader, "after"u8, codec, rows, writer, out var after)
            || reader.BytesConsumed != head.Length) return null;
        return new EnvelopeParts(operation, before, after, source);
    }

    private static bool TryRow(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, RelationCodec codec, RowReader rows, ChangeBatchWriter writer, out int image)
    {
        image = -1;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name) || !reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.Null) return true;
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        image = rows.Read(ref reader, codec, true, writer);
        return reader.TokenType == JsonTokenType.EndObject;
    }

    /// <param name="codec">The table; null: rows are passed over, to learn of which table they are.</param>
    public static EnvelopeParts Read(ReadOnlySpan<byte> payload, RelationCodec? codec, bool own, RowReader rows, ChangeBatchWriter writer)
    {
        byte operation = 0;
        var before = -1;
        var after = -1;
        SourceBlock? source = null;
        var reader = new Utf8JsonReader(payload);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw EnvelopeException.Malformed(codec?.Relation.Table.ToString(), "the message is no JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRow = reader.ValueTextEquals("after"u8);
            var isBefore = !isRow && reader.ValueTextEquals("before"u8);
            var isSource = !isRow && !isBefore && reader.ValueTextEquals("source"u8);
            var isOperation = !isRow && !isBefore && !isSource && reader.ValueTextEquals("op"u8);
            reader.Read();
            if ((isRow || isBefore) && codec is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                var image = rows.Read(ref reader, codec, own, writer);
                if (isRow) after = image;
                else before = image;
            }
            else if (isSource && reader.TokenType == JsonTokenType.StartObject) source = SourceBlock.Read(ref reader, codec);
            else if (isOperation && reader.TokenType == JsonTokenType.String) operation = reader.ValueSpan.Length == 1 ? reader.ValueSpan[0] : (byte)'?';
            else reader.Skip();
        }
        // What stands behind the object is not JSON.
        reader.Read();
        return new EnvelopeParts(operation, before, after, source);
    }
}
