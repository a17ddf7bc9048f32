using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Measures;

public class MeasureSpecs
{
    private readonly HandClock _clock = new();

    [Fact]
    public void A_rate_is_what_came_in_the_last_ten_seconds()
    {
        var meter = new RateMeter(_clock);
        for (var second = 0; second < 20; second++)
        {
            meter.Add(100);
            _clock.Pass(TimeSpan.FromSeconds(1));
        }
        meter.PerSecond().ShouldBe(90, tolerance: 10);
        _clock.Pass(TimeSpan.FromSeconds(5));
        meter.PerSecond().ShouldBe(45, tolerance: 10);
        _clock.Pass(TimeSpan.FromSeconds(10));
        meter.PerSecond().ShouldBe(0);
    }

    [Fact]
    public void A_rate_of_the_first_moments_is_not_blown_up()
    {
        var meter = new RateMeter(_clock);
        meter.Add(30);
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        meter.PerSecond().ShouldBe(30);
    }

    [Fact]
    public void Quantiles_are_of_the_last_half_minute()
    {
        var window = new LatencyWindow(_clock);
        window.Quantile(0.5).ShouldBeNull();
        for (var ms = 1; ms <= 100; ms++) window.Add(ms);
        (window.Quantile(0), window.Quantile(0.5), window.Quantile(0.99), window.Quantile(1)).ShouldBe((1, 50, 99, 100));

        _clock.Pass(TimeSpan.FromSeconds(20));
        window.Add(7);
        window.Quantile(1).ShouldBe(100);
        _clock.Pass(TimeSpan.FromSeconds(15));
        window.Quantile(1).ShouldBe(7);
        _clock.Pass(TimeSpan.FromSeconds(16));
        window.Quantile(1).ShouldBeNull();
    }

    [Fact]
    public void Of_very_many_latencies_the_newest_are_kept()
    {
        var window = new LatencyWindow(_clock);
        for (var ms = 0; ms < 5_000; ms++) window.Add(ms);
        window.Quantile(0).ShouldBe(5_000 - 2_048);
    }

    [Fact]
    public void Where_the_time_goes_adds_up_by_stage()
    {
        var stages = new StageClock();
        stages.AddEntities(TimeSpan.FromMilliseconds(250));
        stages.AddEntities(TimeSpan.FromMilliseconds(250));
        stages.AddWaiting(TimeSpan.FromSeconds(3));
        stages.Add(new WriteResult(5, 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)));

        var read = stages.Read(capture: TimeSpan.FromSeconds(9));

        (read.Capture, read.Entities, read.Waiting).ShouldBe((9, 0.5, 3));
        (read.Plan, read.Encoding, read.Server).ShouldBe((1, 2, 4));
    }

    [Fact]
    public void A_copy_of_which_nothing_is_known_is_under_way_until_each_table_is_done()
    {
        var (users, orders) = (new TableName("public", "users"), new TableName("public", "orders"));
        CopyView.IsUnderWay(CopyState.Empty).ShouldBeTrue();
        var half = CopyState.Empty.With(users, new TableCopy(CopyPhase.Done, null, 7, 8)).With(orders, new TableCopy(CopyPhase.Copying, null, 1, 9));
        CopyView.IsUnderWay(half).ShouldBeTrue();
        CopyView.Of(half).ShouldBe([new TableCopyStatus("public.orders", "copying", 1, 9), new TableCopyStatus("public.users", "done", 7, 8)]);
        CopyView.IsUnderWay(half.With(orders, new TableCopy(CopyPhase.Done, null, 9, 9))).ShouldBeFalse();
    }

    /// <summary>Goes on when the test says so.</summary>
    private sealed class HandClock : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
