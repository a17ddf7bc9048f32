using System.Text.Json;
using System.Text.Unicode;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>What a message was.</summary>
public enum EnvelopeKind : byte
{
    /// <summary>A change; one entry was added.</summary>
    Change,
    /// <summary>A null value: the delete stood before it. Nothing was added.</summary>
    Tombstone,
    /// <summary>A message of <c>pg_logical_emit_message</c>. Nothing was added.</summary>
    LogicalMessage,
    /// <summary>The delete half of a key change, whose other half is the update (<see cref="KeyChanges.Join"/>). Nothing was added.</summary>
    KeyLeft,
}

/// <param name="Relation">The table; null for a tombstone and a logical message.</param>
/// <param name="Position">Of an envelope of ours: the change's. Of another: (LSN of the change's own record, 0), which tells changes apart and does not order them.</param>
/// <param name="IsOwn">True where <see cref="EnvelopeWriter"/> wrote it.</param>
/// <param name="SourceTimestamp">When the source's transaction was committed: microseconds since 1970-01-01 UTC; 0 where unknown.</param>
/// <param name="Epoch">Of an envelope of ours, which start of the capture wrote it; 0 where it does not say.</param>
/// <param name="Number">Of an envelope of ours, the change's number in the epoch: the order in which they were captured, over all topics and partitions. A truncate has one number in all
/// partitions, a changed key one in its delete and its create.</param>
public readonly record struct EnvelopeRead(EnvelopeKind Kind, Relation? Relation, Position Position, bool IsOwn, long SourceTimestamp, long Epoch = 0, long Number = 0);

/// <summary>
/// Reads change envelopes, ours and Debezium's (PostgreSQL connector through JsonConverter, with and without schemas), into batches: every value becomes the text that PostgreSQL prints. Which
/// encodings are understood, and what Debezium itself loses, stands in docs/envelope.md. Best used one reader a topic: it expects the next message to be of the last one's table. Not thread-safe.
/// </summary>
public sealed class EnvelopeReader
{
    private readonly Dictionary<TableName, RelationCodec> _tables = [];
    private readonly HashSet<TableName> _full = [];
    private readonly bool _existenceUnknown;
    private readonly RowReader _rows;
    private readonly SchemaPart _valueSchema = new("after");
    private readonly SchemaPart _keySchema = new(null);
    private readonly OwnTail _tail = new();
    private RelationCodec? _expected;
    private RelationCodec? _current;

    /// <param name="relations">The tables to read, each with the columns it has now.</param>
    /// <param name="wholeOldRows">Tables of REPLICA IDENTITY FULL: there a null in Debezium's <c>before</c> is a NULL, elsewhere it is 'not sent'.</param>
    public EnvelopeReader(IEnumerable<Relation> relations, IEnumerable<TableName> wholeOldRows, EnvelopeOptions options)
    {
        (_existenceUnknown, KeyChanges) = (options.ExistenceUnknown, options.KeyChanges);
        _rows = new RowReader(options);
        foreach (var relation in relations) _tables[relation.Table] = new RelationCodec(relation);
        _full.UnionWith(wholeOldRows);
    }

    /// <summary>A reader of every table of a schema that has a primary key.</summary>
    public static EnvelopeReader Of(DatabaseSchema schema, EnvelopeOptions options) => new(
        schema.Tables.Where(t => t.PrimaryKey.Count > 0)
            .Select(t => new Relation(t.Name, [.. t.Columns.Where(c => !c.IsGenerated).Select(c => new RelationColumn(c.Name, c.Type))], t.PrimaryKey)),
        schema.Tables.Where(t => t.ReplicaIdentity == ReplicaIdentity.Full).Select(t => t.Name), options);

    /// <summary>Of the messages that are read from now on.</summary>
    public KeyChanges KeyChanges { get; set; }

    /// <summary>Columns that rows had and their tables, as they were defined, do not: of an older or a newer time, or such as the catalog does not name.</summary>
    public IReadOnlyCollection<string> UnknownColumns => _rows.Unknown;

    /// <summary>The table's columns from now on.</summary>
    public void Define(Relation relation, bool wholeOldRows)
    {
        _tables[relation.Table] = new RelationCodec(relation);
        if (wholeOldRows) _full.Add(relation.Table);
        else _full.Remove(relation.Table);
        _expected = null;
    }

    /// <summary>Adds the change of one message to the batch, where it holds one.</summary>
    /// <param name="key">The message's key; empty where it is null.</param>
    /// <param name="value">The message's value; empty where it is null.</param>
    /// <param name="newKey">The value of the header <see cref="EnvelopeWriter.NewKeyHeader"/>; empty where there is none, or where only our own envelopes are read, which need no headers.</param>
    /// <param name="oldKey">The value of the header <see cref="EnvelopeWriter.OldKeyHeader"/>, likewise.</param>
    /// <exception cref="EnvelopeException">It is no change that could be read; the batch is as it was.</exception>
    public EnvelopeRead Read(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ChangeBatchWriter writer, ReadOnlySpan<byte> newKey = default, ReadOnlySpan<byte> oldKey = default)
    {
        if (value.IsEmpty) return new EnvelopeRead(EnvelopeKind.Tombstone, null, Position.Start, false, 0);
        _current = null;
        if (!Utf8.IsValid(value) || !Utf8.IsValid(key)) throw EnvelopeException.Malformed(null, "the message is not UTF-8");
        var mark = writer.Bytes;
        try
        {
            return ReadEnvelope(key, value, writer, newKey, oldKey);
        }
        catch (Exception e)
        {
            writer.TakeBack(mark);
            var table = _current?.Relation.Table.ToString();
            if (e is JsonException) throw EnvelopeException.Malformed(table, "the message is not JSON", e);
            if (e is InvalidOperationException or FormatException or OverflowException)
                throw EnvelopeException.Malformed(table, "the envelope is not as Debezium writes it", e);
            throw;
        }
    }

    private EnvelopeRead ReadEnvelope(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ChangeBatchWriter writer, ReadOnlySpan<byte> newKey, ReadOnlySpan<byte> oldKey)
    {
        var payload = _valueSchema.Payload(value);
        _rows.Schema = _valueSchema.Fields;
        if (payload.Length < value.Length && payload.SequenceEqual("null"u8)) return new EnvelopeRead(EnvelopeKind.Tombstone, null, Position.Start, false, 0);
        var mark = writer.Bytes;
        if (_expected is { } expected && _tail.TryRead(payload, expected, out var rowsEnd, out var ours, out var operation))
        {
            _current = expected;
            if (EnvelopeParts.ReadRows(payload[..rowsEnd], expected, ours, operation, _rows, writer) is { } rows) return Add(rows, expected, payload, key, writer, newKey, oldKey);
            writer.TakeBack(mark);
        }
        if (Guess(payload) is { } guess)
        {
            _current = guess.Codec;
            var parts = EnvelopeParts.Read(payload, guess.Codec, guess.Own, _rows, writer);
            if (parts.Source is { IsExpectedTable: true } source && source.IsOwn == guess.Own) return Add(parts, guess.Codec, payload, key, writer, newKey, oldKey);
            writer.TakeBack(mark);
        }
        _current = null;
        var bare = EnvelopeParts.Read(payload, null, false, _rows, writer);
        if (bare.Operation == (byte)'m') return new EnvelopeRead(EnvelopeKind.LogicalMessage, null, bare.Source?.Position ?? Position.Start, false, bare.Source?.TimestampMicros ?? 0);
        if (bare.Source is not { } block) throw EnvelopeException.MissingPart(null, bare.Operation == 0 ? "op and no source" : "source");
        if (!_tables.TryGetValue(block.Table, out var codec))
        {
            _expected = null;
            throw new EnvelopeException(EnvelopeFault.UnknownTable, block.Table.ToString(), "no such table is in the pipeline",
                "leave the topic out of the topics to read, or add the table to the pipeline's");
        }
        _expected = _current = codec;
        if (block.IsOwn) _tail.Learn(payload);
        return Add(EnvelopeParts.Read(payload, codec, block.IsOwn, _rows, writer), codec, payload, key, writer, newKey, oldKey);
    }

    /// <summary>The last message's table, where this message's bytes name it too; what is guessed is checked once the source was read.</summary>
    private (RelationCodec Codec, bool Own)? Guess(ReadOnlySpan<byte> payload)
    {
        if (_expected is null) return null;
        var start = payload.LastIndexOf("\"source\":{"u8);
        if (start < 0) return null;
        var tail = payload[start..];
        return tail.IndexOf(_expected.SourceTable) < 0 ? null : (_expected, tail.IndexOf("\"event_serial_no\":"u8) >= 0);
    }

    private EnvelopeRead Add(
        in EnvelopeParts parts, RelationCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> key, ChangeBatchWriter writer, ReadOnlySpan<byte> newKey, ReadOnlySpan<byte> oldKey)
    {
        var source = parts.Source!.Value;
        var relation = codec.Relation;
        var change = new EnvelopeRead(EnvelopeKind.Change, relation, source.Position, source.IsOwn, source.TimestampMicros, source.Epoch, source.Number);
        var joins = KeyChanges == KeyChanges.Join;
        var unknown = !source.IsOwn || source.ExistenceUnknown || _existenceUnknown;
        var identity = parts.Before < 0 ? OldImage.None : (source.IsOwn ? source.FullBefore : _full.Contains(relation.Table)) ? OldImage.Full : OldImage.Key;
        switch (parts.Operation)
        {
            case (byte)'c':
                Require(parts.After, codec, parts.Before, key, writer, "after");
                var old = !joins ? -1 : source.OldKeyStart > 0 ? KeyImage(payload[source.OldKeyStart..], codec, true, writer)
                    : source.IsOwn || oldKey.IsEmpty ? -1 : KeyImage(oldKey, codec, false, writer);
                if (old >= 0) writer.Add(new ChangeEntry(ChangeKind.Update, OldImage.Key, unknown, relation, parts.After, old, source.Position));
                // The row's large values may not be in a create that was an update: nobody may take it for a row that cannot be there.
                else writer.Add(new ChangeEntry(ChangeKind.Insert, OldImage.None, unknown || source.OldKeyStart > 0, relation, parts.After, -1, source.Position));
                return change;
            case (byte)'r':
                Require(parts.After, codec, parts.Before, key, writer, "after");
                writer.Add(new ChangeEntry(ChangeKind.Copy, OldImage.None, unknown, relation, parts.After, -1, source.Position));
                return change;
            case (byte)'u':
                Require(parts.After, codec, parts.Before, key, writer, "after");
                if (identity == OldImage.Key) KeepKey(parts.Before, codec, writer);
                writer.Add(new ChangeEntry(ChangeKind.Update, identity, unknown, relation, parts.After, parts.Before, source.Position));
                return change;
            case (byte)'d':
                if (joins && (source.HasNewKey || (!source.IsOwn && !newKey.IsEmpty))) return LeftKey(change, parts, writer);
                var gone = parts.Before >= 0 ? parts.Before : writer.BeginImage(codec.Columns.Length);
                if (identity != OldImage.Full) KeepKey(gone, codec, writer);
                Require(gone, codec, -1, key, writer, "before");
                writer.Add(new ChangeEntry(ChangeKind.Delete, identity == OldImage.Full ? OldImage.Full : OldImage.Key, unknown, relation, -1, gone, source.Position));
                return change;
            case (byte)'t':
                writer.Add(new ChangeEntry(ChangeKind.Truncate, OldImage.None, unknown, relation, -1, -1, source.Position));
                return change;
            case 0:
                throw EnvelopeException.MissingPart(relation.Table.ToString(), "op");
            default:
                throw new EnvelopeException(EnvelopeFault.UnknownOperation, relation.Table.ToString(), $"the operation '{(char)parts.Operation}' is unknown",
                    "a newer Debezium wrote it; leave such messages out (skipped.operations), or use a version that knows them");
        }
    }

    private static EnvelopeRead LeftKey(EnvelopeRead change, in EnvelopeParts parts, ChangeBatchWriter writer)
    {
        if (parts.Before >= 0) writer.TakeBack(parts.Before);
        return change with { Kind = EnvelopeKind.KeyLeft };
    }

    /// <summary>Sees to it that an image names its row; a key column that it lacks is taken from the message's key.</summary>
    private void Require(int image, RelationCodec codec, int other, ReadOnlySpan<byte> key, ChangeBatchWriter writer, string part)
    {
        if (image < 0) throw EnvelopeException.MissingPart(codec.Relation.Table.ToString(), part);
        HashSet<int>? missing = null;
        foreach (var ordinal in codec.Relation.KeyOrdinals)
        {
            if (writer.Image(image).HasValue(ordinal) || (other >= 0 && !writer.Image(image).IsSent(ordinal) && writer.Image(other).HasValue(ordinal))) continue;
            (missing ??= []).Add(ordinal);
        }
        if (missing is null) return;
        if (!key.IsEmpty) Fill(key, codec, writer, image, missing);
        foreach (var ordinal in missing)
            if (!writer.Image(image).HasValue(ordinal)) throw EnvelopeException.MissingKey(codec.Relation.Table, codec.Relation.Columns[ordinal].Name);
    }

    private int KeyImage(ReadOnlySpan<byte> key, RelationCodec codec, bool own, ChangeBatchWriter writer)
    {
        var image = writer.BeginImage(codec.Columns.Length);
        if (own)
        {
            var reader = new Utf8JsonReader(key);
            reader.Read();
            _rows.Fill(ref reader, codec, true, writer, image, null);
        }
        else Fill(key, codec, writer, image, null);
        foreach (var ordinal in codec.Relation.KeyOrdinals)
            if (!writer.Image(image).HasValue(ordinal)) throw EnvelopeException.MissingKey(codec.Relation.Table, codec.Relation.Columns[ordinal].Name);
        return image;
    }

    private void Fill(ReadOnlySpan<byte> key, RelationCodec codec, ChangeBatchWriter writer, int image, HashSet<int>? columns)
    {
        var payload = _keySchema.Payload(key);
        var reader = new Utf8JsonReader(payload);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        _rows.Schema = _keySchema.Fields;
        _rows.Fill(ref reader, codec, false, writer, image, columns);
    }

    /// <summary>Debezium writes null for what an old image lacks.</summary>
    private static void KeepKey(int image, RelationCodec codec, ChangeBatchWriter writer)
    {
        for (var i = 0; i < codec.Columns.Length; i++)
            if (writer.Image(image).IsNull(i)) writer.NotSent(image, i);
    }
}
