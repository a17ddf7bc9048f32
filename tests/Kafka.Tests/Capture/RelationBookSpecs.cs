using PolyglotSync.Kafka.Capture;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Capture;

public sealed class RelationBookSpecs
{
    private static readonly Position At = new(new Lsn(100), 1);

    private static Relation Users(params string[] columns) => new(new TableName("public", "users"), [.. columns.Select(c => new RelationColumn(c, new PgType("bigint", PgKind.Int8)))], [columns[0]]);

    [Fact]
    public void The_columns_of_a_table_are_said_once_before_its_first_change()
    {
        var book = new RelationBook(epoch: 3, []);
        var said = book.Meet(Users("id", "a"), 7, At).ShouldNotBeNull();
        (said.Epoch, said.Change, said.Table, said.At, said.Changed).ShouldBe((3, 7, new TableName("public", "users"), At, null));
        said.Key.ShouldBe(["id"]);
        said.Columns.Select(c => c.Name).ShouldBe(["id", "a"]);
        book.Meet(Users("id", "a"), 8, At).ShouldBeNull();
        book.Meet(Users("id", "b"), 9, At).ShouldNotBeNull();
    }

    [Fact]
    public void What_the_log_of_cuts_holds_at_the_start_is_not_said_again()
    {
        var known = new RelationBook(3, []).Meet(Users("id", "a"), 7, At)!;
        new RelationBook(4, [known]).Meet(Users("id", "a"), 1, At).ShouldBeNull();
        new RelationBook(4, [known]).Meet(Users("a", "id"), 1, At).ShouldNotBeNull();
    }

    [Fact]
    public void A_change_of_columns_is_said_with_what_became_of_each()
    {
        var book = new RelationBook(3, []);
        book.Meet(Users("id", "a"), 7, At);
        var said = book.Change(new SchemaChange(Users("id", "a"), Users("id", "b"), [("a", "b")], ["c"], ["d"]), 8, At).ToList().ShouldHaveSingleItem();
        (said.Change, said.Columns.Select(c => c.Name)).ShouldSatisfyAllConditions(s => s.Change.ShouldBe(8), s => s.Item2.ShouldBe(["id", "b"]));
        said.Changed!.ShouldSatisfyAllConditions(c => c.Renamed.ShouldBe([new ColumnRename("a", "b")]), c => c.Dropped.ShouldBe(["c"]), c => c.Added.ShouldBe(["d"]));
        book.Meet(Users("id", "b"), 9, At).ShouldBeNull();
    }

    [Fact]
    public void Of_a_table_that_had_no_row_yet_the_columns_before_are_said_first()
    {
        var said = new RelationBook(3, []).Change(new SchemaChange(Users("id", "a"), Users("id", "b"), [("a", "b")], [], []), 8, At).ToList();
        said.Select(r => (r.Change, r.Columns[1].Name, r.Changed is null)).ShouldBe([(7, "a", true), (8, "b", false)]);
    }
}
