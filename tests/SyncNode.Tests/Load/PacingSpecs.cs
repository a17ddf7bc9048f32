using PolyglotSync.SyncNode.Load.Pacing;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

public sealed class PacingSpecs
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_transaction_is_due_when_the_rows_before_it_have_had_their_time()
    {
        var schedule = new TokenSchedule(100, _clock);
        schedule.Take(10).ShouldBe(TimeSpan.Zero);
        schedule.Take(5).TotalMilliseconds.ShouldBe(100, 0.01);
        schedule.Take(1).TotalMilliseconds.ShouldBe(150, 0.01);
        _clock.Pass(0.1);
        schedule.Take(1).TotalMilliseconds.ShouldBe(60, 0.01);
    }

    [Fact]
    public void The_clock_starts_with_the_first_row()
    {
        var schedule = new TokenSchedule(100, _clock);
        _clock.Pass(500);
        schedule.Take(10).ShouldBe(TimeSpan.Zero);
        schedule.Take(10).TotalMilliseconds.ShouldBe(100, 0.01);
    }

    [Fact]
    public void What_is_late_by_a_moment_is_made_up_for()
    {
        var schedule = new TokenSchedule(100, _clock);
        schedule.Take(10);
        _clock.Pass(0.6);
        for (var i = 0; i < 5; i++) schedule.Take(10).ShouldBe(TimeSpan.Zero);
        schedule.Take(10).ShouldBe(TimeSpan.Zero);
        schedule.Take(10).TotalMilliseconds.ShouldBe(100, 0.01);
    }

    [Fact]
    public void What_is_late_by_more_than_a_second_is_lost()
    {
        var schedule = new TokenSchedule(100, _clock);
        schedule.Take(10);
        _clock.Pass(60);
        var atOnce = Enumerable.Range(0, 1000).TakeWhile(_ => schedule.Take(10) == TimeSpan.Zero).Count();
        atOnce.ShouldBe(11);
    }

    [Fact]
    public void Without_a_rate_everything_is_due()
    {
        var schedule = new TokenSchedule(null, _clock);
        for (var i = 0; i < 100; i++) schedule.Take(1000).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Several_connections_share_one_rate()
    {
        var schedule = new TokenSchedule(1000, _clock);
        Parallel.For(0, 100, _ => schedule.Take(10));
        schedule.Take(1).TotalSeconds.ShouldBe(1, 0.0001);
    }

    [Fact]
    public void The_last_transaction_gets_the_rows_that_are_left()
    {
        var budget = new RowBudget(25);
        budget.Take(20).ShouldBe(20);
        budget.Take(20).ShouldBe(5);
        budget.Take(20).ShouldBe(0);
        new RowBudget(null).Take(int.MaxValue).ShouldBe(int.MaxValue);
        var shared = new RowBudget(10_000);
        var taken = 0;
        Parallel.For(0, 3000, _ => Interlocked.Add(ref taken, shared.Take(7)));
        taken.ShouldBe(10_000);
    }
}
