using Akka.Actor;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Tests.Fakes;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Capture;

/// <summary>Supervision: what becomes of a capture whose own actor fails.</summary>
public sealed class CaptureRestartSpecs(ITestOutputHelper output) : CaptureSpecs(output)
{
    [Fact]
    public void A_bug_in_its_actor_begins_it_anew_after_a_pause_once_the_one_before_has_ended()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var first = Last;
        Break(captures);

        AwaitCondition(() => first.IsAskedToStop, Soon);
        captures.Tell(new StartCapture(Pipeline()));
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Status(captures).State.ShouldBe(PipelineState.Starting);
        Made.ShouldBe(1, "two would fight for the slot");

        first.End();
        AwaitAssert(() => Status(captures).Reason.ShouldBe("a bug"), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
        Last.Reach(100, 7);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Status(captures);
        Made.ShouldBe(2, "what the first life had begun says nothing of the second's");
    }

    [Fact]
    public void A_bug_in_its_actor_is_an_incident_that_ends_when_it_works_again()
    {
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log.Ref, typeof(IncidentsChanged));
        var captures = Start();
        Break(captures);

        var crash = log.ExpectMsg<IncidentsChanged>(Soon).Changed.ShouldHaveSingleItem();
        (crash.Kind, crash.Role, crash.Restarts, crash.Reason).ShouldBe((IncidentKind.Crash, PipelineRole.Capture, 1, "an unexpected InvalidOperationException; the node's log says more"));
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
        AwaitAssert(() =>
        {
            Last.Reach(100, 7);
            log.HasMessages.ShouldBeTrue();
        }, Soon);
        log.ExpectMsg<IncidentsChanged>().Changed[0].Outcome.ShouldBe("it runs again");
    }

    [Fact]
    public void A_stop_that_comes_meanwhile_waits_for_the_one_before_and_nothing_begins_anew()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var first = Last;
        Break(captures);
        AwaitCondition(() => first.IsAskedToStop, Soon);

        captures.Tell(StopPipelines.Instance, TestActor);
        Status(captures).State.ShouldNotBe(PipelineState.Stopped);
        first.End();

        ExpectMsg<PipelinesStopped>();
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Status(captures).State.ShouldBe(PipelineState.Stopped);
        Made.ShouldBe(1);
    }

    [Fact]
    public void The_others_go_on()
    {
        var captures = Start("orders", "shop");
        Break(captures);
        AwaitAssert(() => All(captures).Select(s => s.State).ShouldBe([PipelineState.Starting, PipelineState.Degraded]), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 3, Soon);
    }

    /// <summary>The actor of the capture that was made last meets a bug.</summary>
    private void Break(IActorRef captures)
    {
        var capture = Last;
        capture.Looking = () =>
        {
            capture.Looking = () => { };
            throw new InvalidOperationException("a bug");
        };
        captures.Tell(GetPipelines.Instance, ActorRefs.Nobody);
    }
}
