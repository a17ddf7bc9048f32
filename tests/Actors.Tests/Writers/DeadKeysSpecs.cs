using System.Text;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Writers;

public class DeadKeysSpecs
{
    private static readonly Relation Amounts = new(new TableName("public", "amounts"),
        [new RelationColumn("note", new PgType("text", PgKind.Text)), new RelationColumn("Amount", new PgType("numeric", PgKind.Numeric))], ["Amount"]);

    [Fact]
    public void A_key_from_the_store_is_the_key_of_the_row()
    {
        var row = Rows.ImageOf(new Rows().Insert(7, "a"));
        var keys = new DeadKeys([new DeadKey(Rows.Table.Table, DeadLetterRecord.Key(row, Rows.Table))]);

        keys.Contains(row, Rows.Table).ShouldBeTrue();
        keys.Contains(Rows.ImageOf(new Rows().Insert(8, "a")), Rows.Table).ShouldBeFalse();
        keys.Contains(row, Rows.Named("u")).ShouldBeFalse();
    }

    [Fact]
    public void Keys_are_equal_where_their_values_are_and_all_their_letters_are_found()
    {
        var keys = new DeadKeys([new DeadKey(Amounts.Table, """{"Amount":"1.50"}"""), new DeadKey(Amounts.Table, """{"Amount":"1.5"}""")]);

        keys.Take(Amount("1.500"), Amounts).Select(k => k.Key).ShouldBe(["""{"Amount":"1.50"}""", """{"Amount":"1.5"}"""], ignoreOrder: true);
        keys.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_table_that_is_emptied_gives_all_its_keys_hashed_or_not()
    {
        var keys = new DeadKeys([new DeadKey(Amounts.Table, """{"Amount":"1"}"""), new DeadKey(Rows.Table.Table, """{"id":"1"}""")]);
        keys.Add(Amount("2"), Amounts);

        keys.TakeAll(Amounts.Table).Count().ShouldBe(2);
        keys.TakeAll(Rows.Table.Table).ShouldHaveSingleItem();
        keys.IsEmpty.ShouldBeTrue();
    }

    private static ImageRef Amount(string amount)
    {
        var writer = new ChangeBatchWriter();
        var image = writer.BeginImage(2);
        writer.Column(image, 1, Encoding.UTF8.GetBytes(amount));
        return new ImageRef(writer.Complete(null).Buffer, image);
    }
}
