using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>Reads a row's JSON object into an image: columns by name, unknown ones left out, missing ones 'not sent'.</summary>
internal sealed class RowReader(EnvelopeOptions options)
{
    private const int MaxUnknown = 100;

    private readonly ValueReader _values = new(options);
    private readonly ByteBuffer _text = new(1024);

    /// <summary>What the message's schema says of the row's columns; null without one.</summary>
    public Dictionary<string, FieldSchema>? Schema { get; set; }

    /// <summary>Columns that rows had and their tables do not; only a few of very many.</summary>
    public HashSet<string> Unknown { get; } = [];

    /// <summary>Reads the object that the reader stands on, to its end.</summary>
    /// <param name="own">True where <see cref="EnvelopeWriter"/> wrote it.</param>
    /// <returns>The image's offset.</returns>
    /// <exception cref="EnvelopeException">A value is not of its column's type. The image may be half written.</exception>
    public int Read(ref Utf8JsonReader reader, RelationCodec codec, bool own, ChangeBatchWriter writer)
    {
        var image = writer.BeginImage(codec.Columns.Length);
        Fill(ref reader, codec, own, writer, image, onlyMissing: null);
        return image;
    }

    /// <summary>Reads such an object into an image that exists.</summary>
    /// <param name="onlyMissing">The columns to take; null: all.</param>
    public void Fill(ref Utf8JsonReader reader, RelationCodec codec, bool own, ChangeBatchWriter writer, int image, HashSet<int>? onlyMissing)
    {
        var expected = 0;
        var ordinal = -1;
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ordinal = expected < codec.Columns.Length && reader.ValueTextEquals(codec.Columns[expected].Name) ? expected : Ordinal(reader.GetString()!, codec);
                reader.Read();
                if (ordinal < 0 || onlyMissing?.Contains(ordinal) == false)
                {
                    reader.Skip();
                    continue;
                }
                expected = ordinal + 1;
                Value(ref reader, codec.Columns[ordinal], codec.Relation.Columns[ordinal].Name, own, writer, image, ordinal);
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException && ordinal >= 0)
        {
            throw EnvelopeException.WrongType(codec.Relation.Table, codec.Columns[ordinal], e is FormatException ? e.Message : "cannot hold the value", e);
        }
    }

    private int Ordinal(string name, RelationCodec codec)
    {
        var ordinal = codec.Ordinal(name);
        if (ordinal < 0 && Unknown.Count < MaxUnknown) Unknown.Add(name);
        return ordinal;
    }

    private void Value(ref Utf8JsonReader reader, ColumnCodec column, string name, bool own, ChangeBatchWriter writer, int image, int ordinal)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            writer.Null(image, ordinal);
            return;
        }
        if (_values.IsPlain(ref reader, column, own))
        {
            writer.Column(image, ordinal, reader.ValueSpan);
            return;
        }
        _text.Clear();
        if (_values.TryRead(ref reader, column, Schema?.GetValueOrDefault(name), own, _text)) writer.Column(image, ordinal, _text.Written);
    }
}
