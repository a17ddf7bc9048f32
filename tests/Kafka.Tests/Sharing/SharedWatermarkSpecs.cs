using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Sharing;

namespace PolyglotSync.Kafka.Tests.Sharing;

public sealed class SharedWatermarkSpecs
{
    private readonly SharedWatermark _watermark = new(["t.users", "t.posts"]);

    [Fact]
    public void It_is_that_of_the_newest_cut_which_all_partitions_have_reached()
    {
        Pass(10, users: [3, 2], posts: [0]);
        Pass(20, users: [5, 2], posts: [1]);
        Pass(30, users: [5, 9], posts: [1]);
        Look(("t.users", 0, 5), ("t.users", 1, 1), ("t.posts", 0, 1)).ShouldBeFalse("a partition is behind the first cut");
        Look(("t.users", 0, 5), ("t.users", 1, 2), ("t.posts", 0, 1)).ShouldBeTrue();
        _watermark.Reached.Watermark.ShouldBe(new Lsn(20));
        Look(("t.users", 0, 5), ("t.users", 1, 8), ("t.posts", 0, 7)).ShouldBeFalse();
        Look(("t.users", 0, 5), ("t.users", 1, 9), ("t.posts", 0, 7)).ShouldBeTrue();
        _watermark.Reached.Watermark.ShouldBe(new Lsn(30));
    }

    [Fact]
    public void A_partition_that_nobody_has_claimed_or_read_from_has_reached_what_holds_nothing_of_it()
    {
        Pass(10, users: [3, 0], posts: [0]);
        Look(("t.users", 0, 3), ("t.posts", 0, PartitionState.Nothing)).ShouldBeTrue();
    }

    [Fact]
    public void Topics_of_other_pipelines_do_not_matter()
    {
        _watermark.Passed(Step(10, new() { ["t.users"] = [1], ["t.posts"] = [0], ["t.others"] = [99] }));
        Look(("t.users", 0, 1)).ShouldBeTrue();
    }

    [Fact]
    public void Of_many_cuts_that_nobody_else_has_reached_some_do()
    {
        for (var i = 1; i <= 5_000; i++) Pass((ulong)i, users: [i, 0], posts: [0]);
        Look(("t.users", 0, 5_000)).ShouldBeTrue();
        _watermark.Reached.Watermark.ShouldBe(new Lsn(5_000));
    }

    private void Pass(ulong lsn, long[] users, long[] posts) => _watermark.Passed(Step(lsn, new() { ["t.users"] = users, ["t.posts"] = posts }));

    private static CutStep Step(ulong lsn, Dictionary<string, long[]> offsets) => new(1, (long)lsn, new Cut(Position.EndOf(new Lsn(lsn)), new Lsn(lsn)), CopyState.Empty, 0, offsets);

    private bool Look(params (string Topic, int Partition, long Offset)[] states) =>
        _watermark.Look(states.Select(s => new PartitionState(new SourcePartition(s.Topic, s.Partition), s.Offset, 1)));
}
