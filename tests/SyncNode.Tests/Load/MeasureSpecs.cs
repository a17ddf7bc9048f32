using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Report;
using PolyglotSync.SyncNode.Load.Watching;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

public sealed class MeasureSpecs
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Quantiles_are_right_to_one_in_a_hundred()
    {
        var histogram = new LatencyHistogram();
        histogram.QuantileMs(0.5).ShouldBeNull();
        histogram.Figures().ShouldBeNull();
        for (var ms = 1; ms <= 10_000; ms++) histogram.Add(TimeSpan.FromMilliseconds(ms));
        foreach (var (quantile, expected) in ((double, double)[])[(0.5, 5_000), (0.9, 9_000), (0.99, 9_900), (1, 10_000)]) histogram.QuantileMs(quantile)!.Value.ShouldBe(expected, expected / 100);
        histogram.Figures()!.MaxMs.ShouldBe(10_000);
        histogram.Samples.ShouldBe(10_000);
        histogram.Add(TimeSpan.Zero);
        histogram.Add(TimeSpan.FromDays(30));
        histogram.QuantileMs(0)!.Value.ShouldBe(0.001, 0.0001);
        histogram.Figures()!.MaxMs.ShouldBe(TimeSpan.FromDays(30).TotalMilliseconds);
    }

    [Fact]
    public void A_number_that_the_graph_shows_answers_for_every_commit_before_it()
    {
        var pending = new PendingCommits(2, TimeSpan.FromSeconds(10), _clock);
        pending.Committed(0, 1);
        _clock.Pass(0.010);
        pending.Committed(0, 2);
        pending.Committed(1, 1);
        _clock.Pass(0.005);
        pending.Seen(0, 2);
        pending.IsEmpty.ShouldBeFalse();
        pending.Latency.Samples.ShouldBe(2);
        pending.Latency.Figures()!.MaxMs.ShouldBe(15);
        pending.Seen(1, 5);
        pending.IsEmpty.ShouldBeTrue();
        pending.Missing.ShouldBe(0);
    }

    [Fact]
    public void A_commit_that_is_not_shown_in_time_is_missing_and_no_sample()
    {
        var pending = new PendingCommits(1, TimeSpan.FromSeconds(10), _clock);
        pending.Committed(0, 1);
        _clock.Pass(6);
        pending.Committed(0, 2);
        _clock.Pass(6);
        pending.Expire();
        pending.Missing.ShouldBe(1);
        pending.Seen(0, 2);
        pending.Latency.Samples.ShouldBe(1);
        pending.Committed(0, 3);
        pending.Abandon();
        pending.Missing.ShouldBe(2);
        pending.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Commits_that_are_too_many_to_wait_for_are_counted()
    {
        var pending = new PendingCommits(1, TimeSpan.FromSeconds(10), _clock);
        for (var i = 0; i < PendingCommits.MostEach + 3; i++) pending.Committed(0, i);
        pending.Unwatched.ShouldBe(3);
    }

    [Fact]
    public void Errors_are_counted_by_what_they_say_and_never_without_end()
    {
        var tally = new LoadTally();
        tally.Committed([3, 2, 1, 0], TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
        for (var i = 0; i < 3; i++) tally.FailedWith("40P01 deadlock detected");
        for (var i = 0; i < 100; i++) tally.FailedWith($"error {i}");
        tally.Failed.ShouldBe(103);
        tally.Errors.Count.ShouldBeLessThan(25);
        tally.Errors.Sum(e => e.Count).ShouldBe(103);
        tally.Errors.ShouldContain(new ErrorCount("40P01 deadlock detected", 3));
        tally.Rows.ShouldBe(6);
        tally.Of(LoadKind.Update).ShouldBe(2);
    }
}
