using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

public sealed class TargetCircuitSpecs(ITestOutputHelper output) : WriterSpecs(output)
{
    private static readonly LimitSettings Limits = new()
    {
        Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 2_000, CircuitFailures = 3,
    };

    [Fact]
    public void A_failed_write_is_tried_again_after_pauses_that_double_with_jitter()
    {
        var target = new FakeTarget { Before = _ => throw Transient };
        Start(target, Limits);
        Drain(Next().Insert(1, "a"));

        foreach (var (least, most) in new[] { (50, 100), (100, 200) })
        {
            Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldBe("the graph is away");
            var tried = target.Tried.Count;
            Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
            target.Tried.Count.ShouldBe(tried);
            Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
            AwaitAssert(() => target.Tried.Count.ShouldBe(tried + 1), Soon);
        }
    }

    [Fact]
    public void After_failures_in_a_row_the_circuit_opens_and_one_write_tries_whether_the_target_is_back()
    {
        var isDown = true;
        var target = new FakeTarget { Before = _ => isDown ? throw Transient : Task.CompletedTask };
        Start(target, Limits);
        var id = Drain(Next().Insert(1, "a"));
        OpenTheCircuit();
        target.Tried.Count.ShouldBe(3);

        // Open: 100 ms · 2^3, lengthened by up to a fifth.
        Scheduler.Advance(TimeSpan.FromMilliseconds(799));
        target.Tried.Count.ShouldBe(3);
        Scheduler.Advance(TimeSpan.FromMilliseconds(162));
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldNotBeNull();
        target.Tried.Count.ShouldBe(4);

        // Open again, for longer.
        Scheduler.Advance(TimeSpan.FromMilliseconds(1_599));
        target.Tried.Count.ShouldBe(4);
        isDown = false;
        Scheduler.Advance(TimeSpan.FromMilliseconds(322));

        SourceProbe.ExpectMsg<Committed>().DrainId.ShouldBe(id);
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldBeNull();
    }

    [Fact]
    public void An_outage_of_any_length_ends_with_the_write()
    {
        var isDown = true;
        var target = new FakeTarget { Before = _ => isDown ? throw Transient : Task.CompletedTask };
        Start(target, Limits);
        Drain(Next().Insert(1, "a"));
        OpenTheCircuit();
        for (var i = 0; i < 50; i++)
        {
            Scheduler.Advance(TimeSpan.FromMilliseconds(2_400));
            Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldNotBeNull();
        }
        SourceProbe.HasMessages.ShouldBeFalse();

        isDown = false;
        Scheduler.Advance(TimeSpan.FromMilliseconds(2_400));

        SourceProbe.ExpectMsg<Committed>();
        target.Applied.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_target_that_came_back_is_forgiven()
    {
        var isDown = true;
        var target = new FakeTarget { Before = _ => isDown ? throw Transient : Task.CompletedTask };
        Start(target, Limits);
        Drain(Next().Insert(1, "a"));
        OpenTheCircuit();
        isDown = false;
        Scheduler.Advance(TimeSpan.FromMilliseconds(1_000));
        SourceProbe.ExpectMsg<Committed>();
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldBeNull();

        isDown = true;
        Drain(Next().Insert(2, "b"));
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldNotBeNull();
        isDown = false;
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>();
    }

    private void OpenTheCircuit()
    {
        Pipeline.ExpectMsg<PartDegraded>();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        Pipeline.ExpectMsg<PartDegraded>();
        Scheduler.Advance(TimeSpan.FromMilliseconds(200));
        Pipeline.ExpectMsg<PartDegraded>();
    }
}
