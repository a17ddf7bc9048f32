using System.Text;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Which start of the capture wrote a message, and the change's number in it.</summary>
public sealed class EpochTests
{
    private static readonly Relation Users = new(new TableName("public", "users"), [new RelationColumn("id", new PgType("bigint", PgKind.Int8)), new RelationColumn("name", new PgType("text", PgKind.Text))], ["id"]);

    [Fact]
    public void Epoch_and_number_come_back_whichever_way_the_envelope_is_read()
    {
        var writer = new EnvelopeWriter(RoundTrip.Origin with { Epoch = 12 }, TimeProvider.System);
        var reader = new EnvelopeReader([Users], [], new EnvelopeOptions());
        var back = new ChangeBatchWriter(256, 4);
        // the first is read as any envelope is, the others by what the first was like
        foreach (var (batch, number) in new[] { (Insert("1"), 1L), (Insert("2"), 2), (Unknown("3"), 3), (Deleted("1"), 10_000_000_000) })
        {
            var message = writer.Write(batch, batch.Entries[0], number)[0];
            var read = reader.Read(message.Key.Span, message.Value.Span, back);
            (read.Epoch, read.Number, read.Position).ShouldBe((12, number, batch.Entries[0].Position));
        }
        var whole = back.Complete(null);
        whole.Entries[2].ExistenceUnknown.ShouldBeTrue();
        whole.Entries[3].OldImage.ShouldBe(OldImage.Key);
    }

    [Fact]
    public void Both_halves_of_a_changed_key_have_the_number_of_the_change()
    {
        var writer = new EnvelopeWriter(RoundTrip.Origin with { Epoch = 2 }, TimeProvider.System);
        var reader = new EnvelopeReader([Users], [], new EnvelopeOptions());
        var batch = Images.Batch(Users, ChangeKind.Update, ["2", "a"], ["1", Images.NotSent], OldImage.Key);
        var back = new ChangeBatchWriter(256, 4);
        var reads = writer.Write(batch, batch.Entries[0], 77).Select(m => reader.Read(m.Key.Span, m.Value.Span, back)).ToList();
        reads.Select(r => (r.Kind, r.Epoch, r.Number)).ShouldBe([(EnvelopeKind.KeyLeft, 2, 77), (EnvelopeKind.Tombstone, 0, 0), (EnvelopeKind.Change, 2, 77)]);
    }

    [Fact]
    public void Without_an_epoch_nothing_is_said_of_it()
    {
        var batch = Insert("1");
        var message = new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System).Write(batch, batch.Entries[0], 5)[0];
        Encoding.UTF8.GetString(message.Value.Span).ShouldNotContain("epoch");
        var read = new EnvelopeReader([Users], [], new EnvelopeOptions()).Read(message.Key.Span, message.Value.Span, new ChangeBatchWriter(256, 4));
        (read.Epoch, read.Number).ShouldBe((0, 0));
    }

    private static ChangeBatch Insert(string id) => Images.Batch(Users, ChangeKind.Insert, [id, "x"]);

    private static ChangeBatch Unknown(string id) => Images.Batch(Users, ChangeKind.Copy, [id, "x"], unknown: true);

    private static ChangeBatch Deleted(string id) => Images.Batch(Users, ChangeKind.Delete, null, [id, Images.NotSent], OldImage.Key);
}
