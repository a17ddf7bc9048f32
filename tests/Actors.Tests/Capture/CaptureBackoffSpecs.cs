using Akka.Actor;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Tests.Fakes;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Capture;

public sealed class CaptureBackoffSpecs(ITestOutputHelper output) : CaptureSpecs(output)
{
    private static readonly PipelineFailure NoBroker = new(FailureClass.Transient, "no broker");

    private protected override LimitSettings Limits => new() { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 };

    [Fact]
    public void The_pauses_double_with_jitter_up_to_their_limit_and_are_short_again_once_it_has_worked()
    {
        var captures = Start();
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400), (200, 400) }) FailsAndBeginsAgain(captures, least, most);

        Last.Reach(100, 7);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);

        FailsAndBeginsAgain(captures, 50, 100);
        Status(captures).Retries.ShouldBe(5);
    }

    [Fact]
    public void One_that_ends_by_itself_is_started_again_too()
    {
        var captures = Start();
        Last.End();
        AwaitAssert(() => (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Degraded, "it ended by itself")), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
    }

    [Fact]
    public void One_that_cannot_even_be_made_is_tried_again_where_that_may_help()
    {
        Make = () => throw NoBroker;
        var captures = Sys.ActorOf(CapturesActor.Props(_ => Make(), new SchedulerTime(Sys.Scheduler)), "captures");
        captures.Tell(new StartCapture(Pipeline()));
        AwaitAssert(() => (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Degraded, "no broker")), Soon);

        var capture = new FakeCapture();
        Make = () => capture;
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitAssert(() =>
        {
            capture.Reach(100, 7);
            Status(captures).State.ShouldBe(PipelineState.Streaming);
        }, Soon);
    }

    [Fact]
    public void A_person_who_starts_one_that_waits_does_not_wait_with_it_and_there_is_one_of_it()
    {
        var captures = Start();
        Last.Fail(NoBroker);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Degraded), Soon);

        captures.Tell(new StartCapture(Pipeline()));
        AwaitCondition(() => Made == 2, Soon);
        captures.Tell(new StartCapture(Pipeline()));
        Scheduler.Advance(TimeSpan.FromMinutes(1));

        Status(captures);
        Made.ShouldBe(2);
    }

    private void FailsAndBeginsAgain(IActorRef captures, int least, int most)
    {
        var (made, retries) = (Made, Status(captures).Retries);
        Last.Fail(NoBroker);
        AwaitAssert(() => Status(captures).Retries.ShouldBe(retries + 1), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
        Status(captures);
        Made.ShouldBe(made, $"before {least} ms");
        Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
        AwaitCondition(() => Made == made + 1, Soon);
    }
}
