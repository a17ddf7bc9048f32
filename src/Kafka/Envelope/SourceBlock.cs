using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>The envelope's <c>source</c>.</summary>
internal struct SourceBlock
{
    /// <summary>False where the block stands for another table than the one that was expected; then <see cref="Table"/> is set.</summary>
    public bool IsExpectedTable;
    public TableName Table;
    public long TimestampMicros;
    public long? Lsn;
    public long? CommitLsn;
    public long? Serial;
    public long Epoch;
    public long Number;
    public bool FullBefore;
    public bool ExistenceUnknown;
    public bool HasNewKey;

    /// <summary>Where <c>old_key</c> stands in the payload; 0 where it is not there.</summary>
    public int OldKeyStart;

    /// <summary>True where <see cref="EnvelopeWriter"/> wrote the envelope.</summary>
    public readonly bool IsOwn => CommitLsn is not null && Serial is not null;

    public readonly Position Position => IsOwn
        ? new Position(new Lsn(unchecked((ulong)CommitLsn!.Value)), checked((int)Serial!.Value))
        : new Position(new Lsn(unchecked((ulong)(Lsn ?? 0))), 0);

    /// <summary>Reads the object that the reader stands on, to its end.</summary>
    /// <param name="expected">The table that it is likely of, to save making its name; null: none.</param>
    /// <exception cref="FormatException">A field of ours or of Debezium's is of another type than it should be.</exception>
    public static SourceBlock Read(ref Utf8JsonReader reader, RelationCodec? expected)
    {
        var block = default(SourceBlock);
        string? schema = null;
        string? table = null;
        long millis = 0;
        var matches = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref reader);
            reader.Read();
            switch (name)
            {
                case Field.Schema when expected is not null && reader.ValueTextEquals(expected.Relation.Table.Schema): matches++; break;
                case Field.Schema: schema = Text(ref reader); break;
                case Field.Table when expected is not null && reader.ValueTextEquals(expected.Relation.Table.Name): matches++; break;
                case Field.Table: table = Text(ref reader); break;
                case Field.Millis: millis = Integer(ref reader) ?? 0; break;
                case Field.Micros: block.TimestampMicros = Integer(ref reader) ?? 0; break;
                case Field.Lsn: block.Lsn = Integer(ref reader); break;
                case Field.CommitLsn: block.CommitLsn = Integer(ref reader); break;
                case Field.Serial: block.Serial = Integer(ref reader); break;
                case Field.Epoch: block.Epoch = Integer(ref reader) ?? 0; break;
                case Field.Number: block.Number = Integer(ref reader) ?? 0; break;
                case Field.BeforeImage: block.FullBefore = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("full"u8); break;
                case Field.ExistenceUnknown: block.ExistenceUnknown = reader.TokenType == JsonTokenType.True; break;
                case Field.NewKey:
                    block.HasNewKey = true;
                    reader.Skip();
                    break;
                case Field.OldKey:
                    block.OldKeyStart = (int)reader.TokenStartIndex;
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (block.TimestampMicros == 0) block.TimestampMicros = millis * 1000;
        block.IsExpectedTable = matches == 2;
        if (!block.IsExpectedTable)
            block.Table = new TableName(schema ?? expected?.Relation.Table.Schema ?? "", table ?? expected?.Relation.Table.Name ?? "");
        return block;
    }

    private enum Field : byte { Other, Schema, Table, Millis, Micros, Lsn, CommitLsn, Serial, Epoch, Number, BeforeImage, ExistenceUnknown, NewKey, OldKey }

    private static Field NameOf(ref Utf8JsonReader reader) => reader.ValueSpan.Length switch
    {
        3 when reader.ValueTextEquals("lsn"u8) => Field.Lsn,
        5 when reader.ValueTextEquals("table"u8) => Field.Table,
        5 when reader.ValueTextEquals("epoch"u8) => Field.Epoch,
        5 when reader.ValueTextEquals("ts_ms"u8) => Field.Millis,
        5 when reader.ValueTextEquals("ts_us"u8) => Field.Micros,
        6 when reader.ValueTextEquals("schema"u8) => Field.Schema,
        7 when reader.ValueTextEquals("new_key"u8) => Field.NewKey,
        7 when reader.ValueTextEquals("old_key"u8) => Field.OldKey,
        9 when reader.ValueTextEquals("change_no"u8) => Field.Number,
        10 when reader.ValueTextEquals("commit_lsn"u8) => Field.CommitLsn,
        12 when reader.ValueTextEquals("before_image"u8) => Field.BeforeImage,
        15 when reader.ValueTextEquals("event_serial_no"u8) => Field.Serial,
        17 when reader.ValueTextEquals("existence_unknown"u8) => Field.ExistenceUnknown,
        _ => Field.Other,
    };

    private static string Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new FormatException("source.schema and source.table are to be text");

    private static long? Integer(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)) return value;
        // The SQL Server connector's commit_lsn is text; it is none of ours.
        reader.Skip();
        return null;
    }
}
