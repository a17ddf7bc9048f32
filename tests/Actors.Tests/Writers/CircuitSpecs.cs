using Akka.Actor;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

/// <summary>The circuit by itself: closed, open, half-open, and what may be tried in each.</summary>
public sealed class CircuitSpecs : ActorSpecs
{
    private readonly TargetCircuit _circuit;
    private int _calls;

    public CircuitSpecs(ITestOutputHelper output)
        : base(output, VirtualTime) =>
        _circuit = new TargetCircuit(Sys.Scheduler, new LimitSettings { RetryMinBackoffMs = 100, RetryMaxBackoffMs = 2_000, CircuitFailures = 3 }, () => Interlocked.Increment(ref _calls));

    [Fact]
    public void Closed_every_set_that_waits_is_due()
    {
        var (a, b) = (Set(), Set());
        _circuit.Fail(a);
        _circuit.Fail(b);
        _circuit.IsOpen.ShouldBeFalse();
        _circuit.Due().ShouldBe([a, b]);
        _circuit.Due().ShouldBeEmpty();
    }

    [Fact]
    public void Closed_the_pause_doubles_with_each_failure_in_a_row()
    {
        _circuit.Fail(Set()).ShouldNotBeNull().TotalMilliseconds.ShouldBeInRange(50, 100);
        _circuit.Fail(Set()).ShouldNotBeNull().TotalMilliseconds.ShouldBeInRange(100, 200);
        _circuit.Fail(Set()).ShouldBeNull("it is open, and calls by itself");
    }

    [Fact]
    public void Open_nothing_is_due_whatever_else_fails_or_gets_through()
    {
        Opened();
        _circuit.Due().ShouldBeEmpty();
        _circuit.Fail(Set()).ShouldBeNull();
        _circuit.Due().ShouldBeEmpty();
        _calls.ShouldBe(0);
    }

    [Fact]
    public void Half_open_one_set_is_due_and_the_others_wait_for_it()
    {
        var sets = Opened();
        HalfOpen();
        _circuit.Due().ShouldBe([sets[0]]);
        _circuit.Due().ShouldBeEmpty();

        _circuit.Succeed().ShouldBeFalse("others wait still");

        AwaitAssert(() => _circuit.IsOpen.ShouldBeFalse(), Soon);
        _circuit.Due().ShouldBe([sets[1], sets[2]]);
        _circuit.Succeed().ShouldBeTrue("nothing waits any more");
        _circuit.Succeed().ShouldBeFalse("nothing had failed since");
    }

    [Fact]
    public void Half_open_a_failure_opens_it_for_twice_as_long()
    {
        var sets = Opened();
        HalfOpen();
        _circuit.Due().ShouldBe([sets[0]]);
        _circuit.Fail(sets[0]).ShouldBeNull();
        _circuit.Due().ShouldBeEmpty();

        // 100 ms · 2^3 the first time, twice that now
        Scheduler.Advance(TimeSpan.FromMilliseconds(1_599));
        _circuit.Due().ShouldBeEmpty();
        Scheduler.Advance(TimeSpan.FromMilliseconds(322));
        AwaitAssert(() => _circuit.Due().Count.ShouldBe(1), Soon);
    }

    [Fact]
    public void After_it_closed_the_pauses_are_short_again()
    {
        Opened();
        HalfOpen();
        _circuit.Due();
        _circuit.Succeed();
        AwaitAssert(() => _circuit.IsOpen.ShouldBeFalse(), Soon);
        _circuit.Due();
        _circuit.Succeed();

        _circuit.Fail(Set()).ShouldNotBeNull().TotalMilliseconds.ShouldBeInRange(50, 100);
    }

    private WriteSet[] Opened()
    {
        WriteSet[] sets = [Set(), Set(), Set()];
        foreach (var set in sets) _circuit.Fail(set);
        AwaitAssert(() => _circuit.IsOpen.ShouldBeTrue(), Soon);
        return sets;
    }

    private void HalfOpen()
    {
        Scheduler.Advance(TimeSpan.FromMilliseconds(799));
        _calls.ShouldBe(0);
        Scheduler.Advance(TimeSpan.FromMilliseconds(162));
        AwaitAssert(() => _calls.ShouldBe(1), Soon);
    }

    private static WriteSet Set() => new() { Operations = [], Generation = 1 };
}
