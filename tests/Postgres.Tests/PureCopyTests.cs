using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

public sealed class PureCopyTests
{
    private static TableSchema Table(string name, params string[] parents) => new(new TableName("public", name), [], ["id"], [],
        [.. parents.Select(p => new ForeignKey($"{name}_{p}", ["x"], new TableName("public", p), ["id"]))], ReplicaIdentity.Default, ["id"], false, 0);

    [Fact]
    public void Parents_are_copied_first_and_circles_are_read_twice()
    {
        var plan = CopyPlanner.Plan([Table("a", "b"), Table("b", "c"), Table("c"), Table("self", "self"), Table("x", "y"), Table("y", "x"), Table("z", "elsewhere")]);
        plan.Order.Select(t => t.Name).ShouldBe(["c", "b", "a", "self", "z", "x", "y"]);
        plan.Refreshed.Select(t => t.Name).ShouldBe(["self", "x"], ignoreOrder: true);
    }

    [Fact]
    public void Escapes_of_the_copy_format_are_undone()
    {
        var writer = new ChangeBatchWriter();
        var offset = CopyText.Row(@"a\tb\\c\nd	\N		\\N"u8, 4, writer);
        var image = writer.Image(offset);
        Encoding.UTF8.GetString(image[0]).ShouldBe("a\tb\\c\nd");
        image.IsNull(1).ShouldBeTrue();
        image.HasValue(2).ShouldBeTrue();
        image[2].Length.ShouldBe(0);
        Encoding.UTF8.GetString(image[3]).ShouldBe("\\N");
        Should.Throw<InvalidDataException>(() => CopyText.Row("a\tb"u8, 3, new ChangeBatchWriter()));
    }

    [Fact]
    public void A_snapshot_sees_what_had_ended_before_it()
    {
        var snapshot = ChunkSnapshot.Parse("100:110:102,105");
        new uint[] { 99, 101, 102, 105, 109, 110, 111 }.Select(snapshot.Sees).ShouldBe([true, true, false, false, true, false, false]);
        ChunkSnapshot.Parse("4294967300:4294967310:").Sees(uint.MaxValue).ShouldBeTrue();
    }

    [Fact]
    public void A_chunk_and_its_window_give_the_table_at_the_high_marker()
    {
        var world = new GateWorld(cursor: "10");
        world.Gate.OpenWindow();
        world.Change(ChangeKind.Update, null, "5", "behind");
        world.Change(ChangeKind.Insert, null, "12", "in the chunk already");
        world.Change(ChangeKind.Delete, "13", null, "");
        world.Change(ChangeKind.Update, null, "14", "gone before the chunk was read");
        world.Change(ChangeKind.Insert, null, "15", "after the chunk was read");
        world.Change(ChangeKind.Insert, null, "99", "ahead of the chunk");
        world.Change(ChangeKind.Update, "16", "17", "new key");
        world.Change(ChangeKind.Update, "8", "18", "crossed ahead");
        world.Change(ChangeKind.Update, "19", "9", "crossed back");

        world.Merge("12", "13", "16", "19", "20").ShouldBe([
            "Copy 12", "Copy 13", "Copy 16", "Copy 19", "Copy 20",
            "Update 12", "Delete 13", "Insert 15", "Delete 16", "Insert 17", "Insert 18", "Delete 19"]);
        world.Passed.ShouldBe(["Update 5", "Delete 13?", "Delete 16?", "Delete 8", "Delete 19?", "Insert 9?"]);
    }

    [Fact]
    public void A_row_read_again_under_its_new_key_comes_after_the_change_of_its_key()
    {
        var world = new GateWorld(cursor: "10", CopyPhase.Refreshing);
        world.Gate.OpenWindow();
        world.Change(ChangeKind.Update, "11", "12", "seen by the chunk", xid: 90);
        world.Change(ChangeKind.Update, "13", "14", "not seen by the chunk", xid: 100);

        world.Merge("12", "13").ShouldBe(["Update 12", "Copy 12?", "Copy 13?", "Update 14"]);
    }

    [Theory]
    [InlineData(CopyPhase.Refreshing, true)]
    [InlineData(CopyPhase.Copying, false)]
    public void A_cut_waits_with_changes_that_no_later_chunk_would_bring(CopyPhase phase, bool isHeld)
    {
        var world = new GateWorld(cursor: "10", phase);
        world.Gate.OpenWindow();
        world.Gate.HoldsBack.ShouldBeFalse();
        world.Change(ChangeKind.Update, null, "20", "ahead of the cursor");
        world.Gate.HoldsBack.ShouldBe(isHeld);
        world.Gate.CloseWindow(null);
        world.Gate.HoldsBack.ShouldBeFalse();
    }

    [Fact]
    public void A_commit_in_one_window_that_its_chunk_did_not_see_must_be_seen_by_the_next()
    {
        var world = new GateWorld(cursor: "10");
        world.Gate.OpenWindow();
        world.Change(ChangeKind.Update, null, "99", "ahead of the chunk", xid: 100);
        world.Change(ChangeKind.Update, null, "98", "ahead of the chunk, and seen", xid: 90);
        world.Gate.Transactions.ShouldBeEmpty();

        world.Gate.CloseWindow(ChunkSnapshot.Parse("100:100:"));

        world.Gate.Transactions.ShouldBe([100u]);
    }

    private sealed class GateWorld
    {
        private readonly Relation _relation = new(new TableName("public", "t"),
            [new RelationColumn("id", new PgType("integer", PgKind.Int4)), new RelationColumn("v", new PgType("text", PgKind.Text))], ["id"]);
        private readonly ChangeBatchWriter _main = new();

        public GateWorld(string cursor, CopyPhase phase = CopyPhase.Copying) => Gate = new TableGate(true, new TableCopy(phase, [cursor], 0, 0));

        public TableGate Gate { get; }

        public IEnumerable<string> Passed => Describe(_main);

        public void Change(ChangeKind kind, string? old, string? key, string value, uint xid = 100)
        {
            Gate.Note(xid);
            Gate.Route(new ChangeEntry(
                kind, old is null ? OldImage.None : OldImage.Key, false, _relation, Image(Gate.Scratch, key, value), Image(Gate.Scratch, old, null),
                Position.Start), _main);
        }

        public IEnumerable<string> Merge(params string[] keys)
        {
            var writer = new ChangeBatchWriter();
            var images = keys.Select(k => Image(writer, k, "copied")).ToList();
            ChunkMerger.Merge(new Chunk(1, _relation.Table, _relation, writer, images, [keys[^1]], false, ChunkSnapshot.Parse("100:100:"), null), Gate, new Lsn(1)).ShouldBeEmpty();
            return Describe(writer);
        }

        private static int Image(ChangeBatchWriter writer, string? key, string? value)
        {
            if (key is null) return -1;
            var image = writer.BeginImage(2);
            writer.Column(image, 0, Encoding.UTF8.GetBytes(key));
            if (value is not null) writer.Column(image, 1, Encoding.UTF8.GetBytes(value));
            return image;
        }

        private static List<string> Describe(ChangeBatchWriter writer)
        {
            var texts = new List<string>();
            foreach (var entry in writer.Entries)
                texts.Add($"{entry.Kind} {Encoding.UTF8.GetString(writer.Image(entry.New >= 0 ? entry.New : entry.Old)[0])}{(entry.ExistenceUnknown ? "?" : "")}");
            return texts;
        }
    }
}
