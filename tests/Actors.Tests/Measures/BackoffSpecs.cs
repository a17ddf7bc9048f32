using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Actors.Measures;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Measures;

public class BackoffSpecs
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_step_doubles_with_each_failure_up_to_its_limit() =>
        Enumerable.Range(0, 9).Select(attempts => Backoff.Step(Min, Max, attempts).TotalMilliseconds).ShouldBe([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);

    [Fact]
    public void Failures_without_end_never_overflow() => Backoff.Step(Min, Max, int.MaxValue).ShouldBe(Max);

    [Fact]
    public void A_limit_below_the_first_step_is_the_limit_all_the_same() => Backoff.Step(Max, Min, 0).ShouldBe(Min);

    [Fact]
    public void Whatever_the_dice_say_a_pause_is_between_half_of_its_step_and_the_whole() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var backoff = new Backoff(Min, Max, new Random(seed));
            return Enumerable.Range(0, 12).All(attempt => backoff.Next() is var pause && pause >= Backoff.Step(Min, Max, attempt) / 2 && pause <= Backoff.Step(Min, Max, attempt));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_that_fail_at_once_do_not_come_back_at_once()
    {
        var random = new Random(7);
        Enumerable.Range(0, 50).Select(_ => new Backoff(Min, Max, random).Next()).Distinct().Count().ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Success_is_followed_by_the_shortest_pause_again()
    {
        var backoff = new Backoff(Min, Max);
        for (var i = 0; i < 7; i++) backoff.Next();
        backoff.Attempts.ShouldBe(7);

        backoff.Reset();

        backoff.Attempts.ShouldBe(0);
        backoff.Next().ShouldBeLessThanOrEqualTo(Min);
    }
}
