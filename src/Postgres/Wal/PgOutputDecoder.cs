using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What a decoded message was, for whoever drives the stream.</summary>
internal enum WalStep : byte
{
    Begin,
    Row,
    Commit,
    /// <summary>A table of the mapping, or one not heard of, is announced: <see cref="PgOutputDecoder.Announced"/> must be defined before the next message.</summary>
    Relation,
    /// <summary>A message of ours: <see cref="PgOutputDecoder.Marker"/>.</summary>
    Marker,
    Nothing,
}

/// <summary>
/// pgoutput, protocol version 1 (PostgreSQL docs, "Logical Replication Message Formats"): bytes in, entries and images out, straight into the
/// batch's writer. Knows no connection and no clock. Rows at or before the position it was started with are counted but not written.
/// </summary>
internal sealed class PgOutputDecoder(Position from)
{
    /// <summary>Prefix of our own logical messages.</summary>
    public const string MarkerPrefix = "polysync";

    /// <summary>Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch.</summary>
    private const long PostgresEpoch = 946_684_800_000_000;

    private readonly Dictionary<uint, StreamTable?> _tables = [];
    private bool _replayed;

    public ChangeBatchWriter Writer { get; set; } = new();

    public bool InTransaction { get; private set; }

    /// <summary>Start of the commit record of the transaction under way or last ended.</summary>
    public Lsn CommitLsn { get; private set; }

    /// <summary>End of the last commit record.</summary>
    public Lsn CommitEnd { get; private set; }

    /// <summary>When the last transaction was committed, microseconds since 1970-01-01 UTC.</summary>
    public long CommitTimestamp { get; private set; }

    /// <summary>The lower 32 bits of the transaction's id.</summary>
    public uint Xid { get; private set; }

    /// <summary>Index of the next change in the transaction.</summary>
    public int Index { get; private set; }

    public long Rows { get; private set; }

    public RelationShape? Announced { get; private set; }

    public string? Marker { get; private set; }

    /// <summary>True where the transaction under way was applied before the stream was opened.</summary>
    public bool IsReplay => _replayed;

    public Position Position => new(CommitLsn, Index);

    /// <summary>Answers <see cref="WalStep.Relation"/>; null: the table is not of the mapping, its rows are passed over.</summary>
    public void Define(uint oid, StreamTable? table)
    {
        _tables[oid] = table;
        Announced = null;
    }

    /// <exception cref="InvalidDataException">The bytes are not pgoutput, version 1.</exception>
    public WalStep Decode(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        switch ((char)reader.Byte())
        {
            case 'B':
                CommitLsn = new Lsn(reader.UInt64());
                CommitTimestamp = (long)reader.UInt64() + PostgresEpoch;
                Xid = reader.UInt32();
                Index = 0;
                InTransaction = true;
                _replayed = Position.EndOf(CommitLsn) <= from;
                return WalStep.Begin;
            case 'C':
                reader.Byte();
                CommitLsn = new Lsn(reader.UInt64());
                CommitEnd = new Lsn(reader.UInt64());
                InTransaction = false;
                return WalStep.Commit;
            case 'I':
                return Insert(ref reader);
            case 'U':
                return Update(ref reader);
            case 'D':
                return Delete(ref reader);
            case 'T':
                return Truncate(ref reader);
            case 'R':
                return Relation(ref reader);
            case 'M':
                return Message(ref reader);
            case 'Y' or 'O':
                return WalStep.Nothing;
            case var other:
                throw new InvalidDataException($"the stream holds a message of kind '{other}', which pgoutput version 1 does not have");
        }
    }

    private WalStep Insert(ref WireReader reader)
    {
        if (!Next(ref reader, out var table, out var position)) return WalStep.Row;
        reader.Byte();
        var writer = table.Gate.WriterFor(Writer);
        var image = Image(ref reader, table, writer, keyOnly: false);
        return Emit(table, writer, new ChangeEntry(ChangeKind.Insert, OldImage.None, false, table.Relation, image, -1, position));
    }

    private WalStep Update(ref WireReader reader)
    {
        if (!Next(ref reader, out var table, out var position)) return WalStep.Row;
        var writer = table.Gate.WriterFor(Writer);
        var kind = reader.Byte();
        var held = OldImage.None;
        var old = -1;
        if (kind is (byte)'K' or (byte)'O')
        {
            held = kind == 'O' ? OldImage.Full : OldImage.Key;
            old = Image(ref reader, table, writer, keyOnly: kind == 'K');
            reader.Byte();
        }
        var image = Image(ref reader, table, writer, keyOnly: false);
        return Emit(table, writer, new ChangeEntry(ChangeKind.Update, held, false, table.Relation, image, old, position));
    }

    private WalStep Delete(ref WireReader reader)
    {
        if (!Next(ref reader, out var table, out var position)) return WalStep.Row;
        var writer = table.Gate.WriterFor(Writer);
        var whole = reader.Byte() == 'O';
        var old = Image(ref reader, table, writer, keyOnly: !whole);
        return Emit(table, writer,
            new ChangeEntry(ChangeKind.Delete, whole ? OldImage.Full : OldImage.Key, false, table.Relation, -1, old, position));
    }

    private WalStep Truncate(ref WireReader reader)
    {
        var count = reader.Int32();
        reader.Byte();
        for (var i = 0; i < count; i++)
        {
            if (!Next(ref reader, out var table, out var position)) continue;
            Emit(table, Writer, new ChangeEntry(ChangeKind.Truncate, OldImage.None, false, table.Relation, -1, -1, position));
        }
        return WalStep.Row;
    }

    private WalStep Relation(ref WireReader reader)
    {
        var shape = RelationShape.Read(ref reader);
        // One that is known is announced again all the same: what came by other ways meanwhile may differ. Messages of this kind are few.
        if (_tables.TryGetValue(shape.Oid, out var known) && known is null) return WalStep.Nothing;
        Announced = shape;
        return WalStep.Relation;
    }

    private WalStep Message(ref WireReader reader)
    {
        reader.Byte();
        reader.UInt64();
        if (!reader.ZeroEnded().SequenceEqual("polysync"u8)) return WalStep.Nothing;
        Marker = Encoding.UTF8.GetString(reader.Bytes(reader.Int32()));
        return WalStep.Marker;
    }

    /// <summary>Reads the relation and takes an index; false where the change is not to be written.</summary>
    private bool Next(ref WireReader reader, out StreamTable table, out Position position)
    {
        var known = _tables.GetValueOrDefault(reader.UInt32());
        position = new Position(CommitLsn, Index++);
        table = known!;
        if (_replayed || known is null || position <= from) return false;
        Rows++;
        return known.Gate.Admits(Xid);
    }

    private WalStep Emit(StreamTable table, ChangeBatchWriter writer, in ChangeEntry entry)
    {
        if (table.Gate.IsOpen) writer.Add(entry);
        else table.Gate.Route(entry, Writer);
        return WalStep.Row;
    }

    private static int Image(ref WireReader reader, StreamTable table, ChangeBatchWriter writer, bool keyOnly)
    {
        int columns = reader.Int16();
        var image = writer.BeginImage(columns);
        for (var i = 0; i < columns; i++)
        {
            switch ((char)reader.Byte())
            {
                case 't':
                    var length = reader.Int32();
                    writer.Column(image, i, reader.Bytes(length));
                    break;
                case 'n':
                    // In a key image the columns outside the identity are sent as NULL and mean nothing.
                    if (!keyOnly || table.Shape.Columns[i].IsIdentity) writer.Null(image, i);
                    break;
                case 'u':
                    break;
                case var other:
                    throw new InvalidDataException($"{table.Relation.Table}: a tuple holds a column of kind '{other}'; only text is asked for");
            }
        }
        return image;
    }
}
