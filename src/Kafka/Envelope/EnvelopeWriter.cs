using System.Runtime.CompilerServices;
using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Writes changes as Debezium's change envelope (that of its PostgreSQL connector 3.x through Connect's JsonConverter with <c>schemas.enable=false</c>): key and value as
/// UTF-8 JSON in a buffer of its own that the next call overwrites. Beside Debezium's fields, <c>source</c> says what makes exactly-once possible: <c>commit_lsn</c> and
/// <c>event_serial_no</c> (the names of Debezium's SQL Server connector), the transaction's commit and the change's index in it, so that <see cref="EnvelopeReader"/> gives the same
/// <see cref="Position"/> back. docs/envelope.md has the fields and the encodings. Not thread-safe.
/// </summary>
public sealed class EnvelopeWriter
{
    /// <summary>Debezium's header on the delete and the tombstone of a key that a row left: the key it has now.</summary>
    public const string NewKeyHeader = "__debezium.newkey";

    /// <summary>Debezium's header on the create under a row's new key: the key it had.</summary>
    public const string OldKeyHeader = "__debezium.oldkey";

    /// <summary>Behind the change's number, in both halves of a changed key: the row's large values, which were not sent, are at the old key only.</summary>
    internal static ReadOnlySpan<byte> ValuesMissing => ",\"values_missing\":true"u8;

    private readonly ByteBuffer _buffer = new(16 * 1024);
    private readonly ConditionalWeakTable<Relation, RelationCodec> _codecs = [];
    private readonly List<EnvelopeMessage> _messages = [];
    private readonly (int Start, int Length)[] _parts = new (int, int)[4];
    private readonly ValueWriter _values;
    private readonly TimeProvider _time;
    private readonly byte[] _sourceStart;
    private readonly byte[] _sourceDatabase;
    private readonly byte[] _sourceEpoch;
    private RelationCodec? _last;

    public EnvelopeWriter(EnvelopeOrigin origin, TimeProvider time)
    {
        _values = new ValueWriter(_buffer);
        _time = time;
        _sourceStart = Fragment(json =>
        {
            json.Raw(",\"source\":{\"version\":"u8);
            json.String(Encoding.UTF8.GetBytes(origin.Version));
            json.Raw(",\"connector\":\"postgresql\",\"name\":"u8);
            json.String(Encoding.UTF8.GetBytes(origin.Prefix));
            json.Raw(",\"ts_ms\":"u8);
        });
        _sourceDatabase = Fragment(json =>
        {
            json.Raw("\",\"db\":"u8);
            json.String(Encoding.UTF8.GetBytes(origin.Database));
            json.Raw(",\"sequence\":\"[\\\""u8);
        });
        _sourceEpoch = origin.Epoch == 0 ? [] : Fragment(json =>
        {
            json.Raw(",\"epoch\":"u8);
            json.Number(origin.Epoch);
            json.Raw(",\"change_no\":"u8);
        });
    }

    /// <summary>
    /// The messages of one change, in the order in which they are to be produced: one for an insert, an update, a row of a copy and a truncate (which has no key: it goes to every
    /// partition); envelope and tombstone for a delete; delete, tombstone and create for an update that changes the key. None for a change of columns.
    /// </summary>
    /// <param name="number">The change's number among all of the epoch, from 1 on: <c>source.change_no</c>. Left out without an epoch.</param>
    /// <returns>Valid until the next call.</returns>
    public IReadOnlyList<EnvelopeMessage> Write(ChangeBatch batch, in ChangeEntry entry, long number = 0)
    {
        _buffer.Clear();
        _messages.Clear();
        var codec = Codec(entry.Relation);
        var context = new Context(batch, entry, number, Microseconds(_time.GetUtcNow()));
        switch (entry.Kind)
        {
            case ChangeKind.Insert or ChangeKind.Copy:
                WriteRow(codec, context, entry.Kind == ChangeKind.Copy ? (byte)'r' : (byte)'c');
                break;
            case ChangeKind.Update:
                if (ChangesKey(batch, entry)) WriteMove(codec, context);
                else WriteRow(codec, context, (byte)'u');
                break;
            case ChangeKind.Delete:
                WriteDelete(codec, context);
                break;
            case ChangeKind.Truncate:
                var start = _buffer.Length;
                WriteEnvelope(codec, context, (byte)'t', -1, -1);
                _messages.Add(new EnvelopeMessage(default, _buffer.Memory(start, _buffer.Length - start)));
                break;
            case ChangeKind.Schema:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "a kind of change without an envelope");
        }
        return _messages;
    }

    /// <summary>True where both images name a key and the texts differ: then the row's messages go on under another key.</summary>
    public static bool ChangesKey(ChangeBatch batch, in ChangeEntry entry)
    {
        if (entry.OldImage == OldImage.None) return false;
        var old = batch.Old(entry);
        var now = batch.New(entry);
        foreach (var ordinal in entry.Relation.KeyOrdinals)
            if (old.HasValue(ordinal) && now.HasValue(ordinal) && !old[ordinal].SequenceEqual(now[ordinal])) return true;
        return false;
    }

    /// <summary>True of a row whose key changes and whose large values, unchanged, were not sent: they are at the old key only.</summary>
    private static bool LacksMovedValues(in Context context)
    {
        if (context.Entry.Kind != ChangeKind.Update || !ChangesKey(context.Batch, context.Entry)) return false;
        var now = context.Batch.New(context.Entry);
        for (var i = 0; i < context.Entry.Relation.Columns.Length; i++)
            if (!now.IsSent(i)) return true;
        return false;
    }

    private void WriteRow(RelationCodec codec, in Context context, byte operation)
    {
        var entry = context.Entry;
        var key = WriteKey(codec, context.Batch.New(entry), entry.Old >= 0 ? context.Batch.Old(entry) : context.Batch.New(entry));
        var start = _buffer.Length;
        WriteEnvelope(codec, context, operation, operation == 'u' && entry.OldImage != OldImage.None ? entry.Old : -1, entry.New);
        _messages.Add(new EnvelopeMessage(Memory(key), _buffer.Memory(start, _buffer.Length - start)));
    }

    private void WriteDelete(RelationCodec codec, in Context context)
    {
        var old = context.Batch.Old(context.Entry);
        var key = WriteKey(codec, old, old);
        var start = _buffer.Length;
        WriteEnvelope(codec, context, (byte)'d', context.Entry.Old, -1);
        _messages.Add(new EnvelopeMessage(Memory(key), _buffer.Memory(start, _buffer.Length - start)));
        _messages.Add(new EnvelopeMessage(Memory(key), default));
    }

    /// <summary>Debezium's delete, tombstone and create; <c>source.new_key</c> and <c>source.old_key</c> tell our reader that they are one update.</summary>
    private void WriteMove(RelationCodec codec, in Context context)
    {
        var old = context.Batch.Old(context.Entry);
        var now = context.Batch.New(context.Entry);
        _parts[0] = WriteKey(codec, old, now);
        _parts[1] = WriteKey(codec, now, old);
        var start = _buffer.Length;
        WriteEnvelope(codec, context, (byte)'d', context.Entry.Old, -1, other: _parts[1], otherName: ",\"new_key\":"u8);
        _parts[2] = (start, _buffer.Length - start);
        start = _buffer.Length;
        WriteEnvelope(codec, context, (byte)'c', -1, context.Entry.New, other: _parts[0], otherName: ",\"old_key\":"u8);
        _parts[3] = (start, _buffer.Length - start);
        var (oldKey, newKey) = (Memory(_parts[0]), Memory(_parts[1]));
        _messages.Add(new EnvelopeMessage(oldKey, Memory(_parts[2]), NewKeyHeader, newKey));
        _messages.Add(new EnvelopeMessage(oldKey, default, NewKeyHeader, newKey));
        _messages.Add(new EnvelopeMessage(newKey, Memory(_parts[3]), OldKeyHeader, oldKey));
    }

    /// <param name="image">Holds the key; a column that it was not sent (a large text, unchanged) is taken from <paramref name="other"/>.</param>
    private (int Start, int Length) WriteKey(RelationCodec codec, RowImage image, RowImage other)
    {
        var start = _buffer.Length;
        var first = true;
        foreach (var ordinal in codec.Relation.KeyOrdinals)
        {
            _buffer.Byte(first ? (byte)'{' : (byte)',');
            first = false;
            WriteColumn(codec.Columns[ordinal], image.IsSent(ordinal) ? image : other, ordinal);
        }
        _buffer.Byte((byte)'}');
        return (start, _buffer.Length - start);
    }

    private void WriteEnvelope(
        RelationCodec codec, in Context context, byte operation, int before, int after, (int Start, int Length) other = default, ReadOnlySpan<byte> otherName = default)
    {
        _buffer.Raw("{\"before\":"u8);
        WriteImage(codec, context.Batch, before, withNulls: true);
        _buffer.Raw(",\"after\":"u8);
        WriteImage(codec, context.Batch, after, withNulls: false);
        WriteSource(codec, context, before >= 0);
        if (!otherName.IsEmpty)
        {
            _buffer.Raw(otherName);
            _buffer.Free(other.Length);
            _buffer.Raw(_buffer.Written.Slice(other.Start, other.Length));
        }
        _buffer.Raw("},\"transaction\":null,\"op\":\""u8);
        _buffer.Byte(operation);
        _buffer.Raw("\",\"ts_ms\":"u8);
        WriteTimes(context.Now, "\"ts_us\":"u8, "\"ts_ns\":"u8);
        _buffer.Byte((byte)'}');
    }

    /// <param name="withNulls">True in <c>before</c>: a column that an old image lacks is null, as Debezium has it; in <c>after</c> it is the placeholder.</param>
    private void WriteImage(RelationCodec codec, ChangeBatch batch, int offset, bool withNulls)
    {
        if (offset < 0)
        {
            _buffer.Raw("null"u8);
            return;
        }
        var image = new RowImage(batch.Buffer, offset);
        _buffer.Byte((byte)'{');
        var empty = true;
        for (var i = 0; i < codec.Columns.Length; i++)
        {
            var column = codec.Columns[i];
            if (!withNulls && !image.IsSent(i) && column.Unavailable is null) continue;
            if (!empty) _buffer.Byte((byte)',');
            empty = false;
            if (withNulls && !image.IsSent(i))
            {
                _buffer.Raw(column.Label);
                _buffer.Raw("null"u8);
            }
            else WriteColumn(column, image, i);
        }
        _buffer.Byte((byte)'}');
    }

    private void WriteColumn(ColumnCodec column, RowImage image, int ordinal)
    {
        _buffer.Raw(column.Label);
        if (image.HasValue(ordinal)) _values.Write(column, image[ordinal]);
        else if (image.IsNull(ordinal)) _buffer.Raw("null"u8);
        else _buffer.Raw(column.Unavailable ?? "null"u8);
    }

    /// <summary>The block without its closing brace.</summary>
    private void WriteSource(RelationCodec codec, in Context context, bool hasBefore)
    {
        var entry = context.Entry;
        var commit = unchecked((long)entry.Position.CommitLsn.Value);
        var time = context.Batch.CommitTimestamp != 0 ? context.Batch.CommitTimestamp : context.Now;
        _buffer.Raw(_sourceStart);
        _buffer.Number(Math.DivRem(time, 1000, out _));
        _buffer.Raw(",\"snapshot\":\""u8);
        _buffer.Raw(entry.Kind == ChangeKind.Copy ? "incremental"u8 : "false"u8);
        _buffer.Raw(_sourceDatabase);
        _buffer.Number(commit);
        _buffer.Raw("\\\",\\\""u8);
        _buffer.Number(entry.Position.Index);
        _buffer.Raw("\\\"]\",\"ts_us\":"u8);
        _buffer.Number(time);
        _buffer.Raw(",\"ts_ns\":"u8);
        _buffer.Number(time * 1000);
        _buffer.Byte((byte)',');
        _buffer.Raw(codec.SourceTable);
        _buffer.Raw(",\"txId\":null,\"lsn\":"u8);
        _buffer.Number(commit);
        _buffer.Raw(",\"xmin\":null,\"commit_lsn\":"u8);
        _buffer.Number(commit);
        _buffer.Raw(",\"event_serial_no\":"u8);
        _buffer.Number(entry.Position.Index);
        if (_sourceEpoch.Length > 0)
        {
            _buffer.Raw(_sourceEpoch);
            _buffer.Number(context.Number);
            if (LacksMovedValues(context)) _buffer.Raw(ValuesMissing);
        }
        if (hasBefore) _buffer.Raw(entry.OldImage == OldImage.Full ? ",\"before_image\":\"full\""u8 : ",\"before_image\":\"key\""u8);
        if (entry.ExistenceUnknown) _buffer.Raw(",\"existence_unknown\":true"u8);
    }

    private void WriteTimes(long microseconds, ReadOnlySpan<byte> microsName, ReadOnlySpan<byte> nanosName)
    {
        _buffer.Number(microseconds / 1000);
        _buffer.Byte((byte)',');
        _buffer.Raw(microsName);
        _buffer.Number(microseconds);
        _buffer.Byte((byte)',');
        _buffer.Raw(nanosName);
        _buffer.Number(microseconds * 1000);
    }

    private ReadOnlyMemory<byte> Memory((int Start, int Length) part) => _buffer.Memory(part.Start, part.Length);

    private RelationCodec Codec(Relation relation)
    {
        if (ReferenceEquals(_last?.Relation, relation)) return _last;
        return _last = _codecs.GetValue(relation, static r => new RelationCodec(r));
    }

    private static byte[] Fragment(Action<ByteBuffer> write)
    {
        var json = new ByteBuffer();
        write(json);
        return json.Written.ToArray();
    }

    private static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private readonly record struct Context(ChangeBatch Batch, ChangeEntry Entry, long Number, long Now);
}
