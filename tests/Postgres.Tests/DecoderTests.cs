using System.Buffers.Binary;
using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

public sealed class DecoderTests
{
    private static readonly RelationShape Shape = new(7, "public", "t", 'd', [new ShapeColumn("id", 23, -1, true), new ShapeColumn("v", 25, -1, false)]);

    private static byte[] Bytes(params object[] fields) => [.. fields.SelectMany(f => f switch
    {
        char c => [(byte)c],
        short s => Big(2, b => BinaryPrimitives.WriteInt16BigEndian(b, s)),
        int i => Big(4, b => BinaryPrimitives.WriteInt32BigEndian(b, i)),
        long l => Big(8, b => BinaryPrimitives.WriteInt64BigEndian(b, l)),
        string t => Encoding.UTF8.GetBytes(t),
        _ => throw new ArgumentException("unknown field"),
    })];

    private static byte[] Big(int size, Action<byte[]> write)
    {
        var bytes = new byte[size];
        write(bytes);
        return bytes;
    }

    private static PgOutputDecoder Decoder(Position? from = null)
    {
        var decoder = new PgOutputDecoder(from ?? Position.Start);
        decoder.Decode(Bytes('R', 7, "public\0t\0", 'd', (short)2, '\u0001', "id\0", 23, -1, '\0', "v\0", 25, -1)).ShouldBe(WalStep.Relation);
        decoder.Announced!.Columns.ShouldBe(Shape.Columns);
        var relation = new Relation(new TableName("public", "t"),
            [new RelationColumn("id", new PgType("integer", PgKind.Int4)), new RelationColumn("v", new PgType("text", PgKind.Text))], ["id"]);
        decoder.Define(7, new StreamTable(Shape, relation, new TableGate(true, new TableCopy(CopyPhase.Done, null, 0, 0))));
        return decoder;
    }

    private static byte[] Begin(long commit) => Bytes('B', commit, 0L, 42);

    private static byte[] Insert(string id) => Bytes('I', 7, 'N', (short)2, 't', id.Length, id, 'n');

    [Fact]
    public void An_insert_holds_texts_and_nulls()
    {
        var decoder = Decoder();
        decoder.Decode(Begin(100)).ShouldBe(WalStep.Begin);
        decoder.Decode(Insert("12")).ShouldBe(WalStep.Row);
        decoder.Decode(Bytes('C', '\0', 100L, 120L, 0L)).ShouldBe(WalStep.Commit);

        var entry = decoder.Writer.Entries[0];
        entry.Position.ShouldBe(new Position(new Lsn(100), 0));
        Encoding.UTF8.GetString(decoder.Writer.Image(entry.New)[0]).ShouldBe("12");
        decoder.Writer.Image(entry.New).IsNull(1).ShouldBeTrue();
        decoder.CommitEnd.ShouldBe(new Lsn(120));
        decoder.CommitTimestamp.ShouldBe(946_684_800_000_000);
        decoder.Xid.ShouldBe(42u);
    }

    [Fact]
    public void A_key_image_says_nothing_of_other_columns_and_unchanged_toast_is_not_sent()
    {
        var decoder = Decoder();
        decoder.Decode(Begin(100));
        decoder.Decode(Bytes('U', 7, 'K', (short)2, 't', 1, "1", 'n', 'N', (short)2, 't', 1, "2", 'u'));
        decoder.Decode(Bytes('D', 7, 'O', (short)2, 't', 1, "2", 'n'));
        var entries = decoder.Writer.Entries.ToArray();
        entries.Select(e => (e.Kind, e.OldImage)).ShouldBe([(ChangeKind.Update, OldImage.Key), (ChangeKind.Delete, OldImage.Full)]);
        decoder.Writer.Image(entries[0].Old).IsSent(1).ShouldBeFalse();
        decoder.Writer.Image(entries[0].New).IsSent(1).ShouldBeFalse();
        decoder.Writer.Image(entries[1].Old).IsNull(1).ShouldBeTrue();
    }

    [Fact]
    public void Changes_up_to_the_position_reached_are_counted_but_not_written()
    {
        var decoder = Decoder(new Position(new Lsn(100), 1));
        decoder.Decode(Begin(90));
        decoder.Decode(Insert("1"));
        decoder.Decode(Begin(100));
        foreach (var id in (string[])["2", "3", "4"]) decoder.Decode(Insert(id));
        decoder.Writer.Count.ShouldBe(1);
        decoder.Writer.Entries[0].Position.Index.ShouldBe(2);
    }

    [Fact]
    public void A_truncation_names_each_relation_and_a_foreign_message_is_nothing()
    {
        var decoder = Decoder();
        decoder.Decode(Begin(100));
        decoder.Decode(Bytes('T', 2, '\0', 7, 8));
        decoder.Writer.Entries.ToArray().Select(e => e.Kind).ShouldBe([ChangeKind.Truncate]);
        decoder.Index.ShouldBe(2);
        decoder.Decode(Bytes('M', '\u0001', 0L, "other\0", 1, "x")).ShouldBe(WalStep.Nothing);
        decoder.Decode(Bytes('M', '\u0001', 0L, "polysync\0", 4, "mark")).ShouldBe(WalStep.Marker);
        decoder.Marker.ShouldBe("mark");
        Should.Throw<InvalidDataException>(() => decoder.Decode(Bytes('?')));
    }
}
