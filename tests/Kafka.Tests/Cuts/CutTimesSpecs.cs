using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Cuts;

public sealed class CutTimesSpecs
{
    private readonly CutTimes _times = new();

    [Fact]
    public void The_oldest_change_behind_a_watermark_tells_how_late_it_is()
    {
        Take(change: 1, watermark: 10, at: 1_000);
        Take(change: 2, watermark: 20, at: 2_000);
        Take(change: 3, watermark: 30, at: 3_000);
        (After(0), After(10), After(19), After(20), After(30), After(40)).ShouldBe((1_000, 2_000, 2_000, 3_000, 0, 0));
    }

    [Fact]
    public void A_log_that_goes_on_without_a_change_makes_nobody_late()
    {
        Take(change: 1, watermark: 10, at: 1_000);
        Take(change: 1, watermark: 50, at: 1_000);
        After(10).ShouldBe(0);
    }

    [Fact]
    public void The_next_epoch_counts_its_changes_anew()
    {
        Take(change: 9, watermark: 10, at: 1_000);
        Take(change: 1, watermark: 20, at: 2_000, epoch: 2);
        After(10).ShouldBe(2_000);
    }

    [Fact]
    public void Of_many_cuts_some_do()
    {
        for (var i = 1; i <= 5_000; i++) Take(change: i, watermark: (ulong)i, at: i);
        After(0).ShouldBe(1);
        After(2_500).ShouldBeInRange(2_501, 2_501 + 1_000);
        After(4_999).ShouldBe(5_000);
    }

    private long After(ulong watermark) => _times.After(new Lsn(watermark));

    private void Take(long change, ulong watermark, long at, long epoch = 1) => _times.Take(new CutRecord
    {
        Epoch = epoch, Change = change, Position = Position.EndOf(new Lsn(watermark)), Watermark = new Lsn(watermark), CommitTimestamp = at, Offsets = new Dictionary<string, long[]>(),
    });
}
