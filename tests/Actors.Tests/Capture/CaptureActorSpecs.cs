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

public sealed class CaptureActorSpecs(ITestOutputHelper output) : CaptureSpecs(output)
{
    [Fact]
    public void It_captures_and_says_how_far_the_topics_are()
    {
        var captures = Start();
        Status(captures).State.ShouldBe(PipelineState.Starting);
        Last.Reach(100, 7);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);
        var status = Status(captures);
        (status.Role, status.Epoch, status.Watermark, status.RowsApplied, status.Target).ShouldBe((PipelineRole.Capture, 3, "0/64", 7, "kafka://broker:9092/shop"));
    }

    [Fact]
    public void What_the_broker_complains_of_is_shown_while_something_is_on_its_way()
    {
        var captures = Start();
        Last.Reach(100, 7, "connection refused");
        AwaitAssert(() => (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Degraded, "connection refused")), Soon);
        Last.Reach(101, 8);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);
    }

    [Fact]
    public void A_failure_that_goes_away_starts_it_again_after_pauses_that_grow()
    {
        var captures = Start();
        var first = Last;
        first.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        AwaitAssert(() => (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Degraded, "no broker")), Soon);
        first.IsDisposed.ShouldBeTrue();
        Made.ShouldBe(1);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
        Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        AwaitAssert(() => Status(captures).Retries.ShouldBe(2), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(50));
        Status(captures);
        Made.ShouldBe(2);
        Scheduler.Advance(TimeSpan.FromMilliseconds(150));
        AwaitCondition(() => Made == 3, Soon);
        // rows of all starts count
        Last.Reach(100, 5);
        AwaitAssert(() => Status(captures).RowsApplied.ShouldBe(5), Soon);
    }

    [Fact]
    public void A_bug_starts_it_again_too()
    {
        var captures = Start();
        Last.Fail(new InvalidOperationException("a bug"));
        AwaitAssert(() => Status(captures).Reason.ShouldBe("a bug"), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
    }

    [Theory]
    [InlineData(FailureClass.Fatal)]
    [InlineData(FailureClass.Fenced)]
    public void A_failure_that_needs_a_person_stops_it_with_one_message(FailureClass failureClass)
    {
        var failures = CreateTestProbe();
        Sys.EventStream.Subscribe(failures.Ref, typeof(PipelineFailed));
        var captures = Start();
        Last.Fail(new PipelineFailure(failureClass, "the topic is gone"));
        failures.ExpectMsg<PipelineFailed>().ShouldSatisfyAllConditions(f => f.Pipeline.ShouldBe("shop"), f => f.Failure.Message.ShouldBe("the topic is gone"));
        (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Failed, "the topic is gone"));
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Made.ShouldBe(1);
        // a person starts it afresh
        captures.Tell(new StartCapture(Settings.Of("shop")));
        AwaitCondition(() => Made == 2, Soon);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Starting), Soon);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_capture_that_failed_runs_again_once_it_is_resumed_or_restarted(bool isResume)
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Fatal, "the topic is gone"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Failed), Soon);

        captures.Tell(isResume ? new ResumePipeline("shop") : new RestartPipeline("shop"), TestActor);

        var status = ExpectMsg<PipelineStatus>(Soon);
        (status.Role, status.State, status.LastError).ShouldBe((PipelineRole.Capture, PipelineState.Starting, "the topic is gone"));
        Made.ShouldBe(2);
        Last.Reach(100, 7);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);
    }

    [Fact]
    public void A_resume_of_a_capture_that_waits_to_start_again_does_not_wait()
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Degraded), Soon);

        captures.Tell(new ResumePipeline("shop"), TestActor);

        ExpectMsg<PipelineStatus>(Soon);
        Made.ShouldBe(2);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Status(captures);
        Made.ShouldBe(2);
    }

    [Fact]
    public void A_resume_of_a_capture_that_runs_leaves_it_alone()
    {
        var captures = Start();
        Last.Reach(100, 7);

        captures.Tell(new ResumePipeline("shop"), TestActor);

        ExpectMsg<PipelineStatus>(Soon);
        (Made, Last.IsAskedToStop).ShouldBe((1, false));
    }

    [Fact]
    public void A_restart_lets_the_broker_have_what_is_on_its_way_and_makes_the_connections_anew()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var first = Last;
        first.Reach(100, 7);
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Streaming), Soon);

        captures.Tell(new RestartPipeline("shop"), TestActor);
        captures.Tell(new RestartPipeline("shop"), TestActor);
        AwaitCondition(() => first.IsAskedToStop, Soon);
        ExpectNoMsg(TimeSpan.Zero);
        Made.ShouldBe(1);
        first.End();

        ExpectMsg<PipelineStatus>(Soon).State.ShouldBe(PipelineState.Starting);
        ExpectMsg<PipelineStatus>(Soon).State.ShouldBe(PipelineState.Starting);
        (Made, first.IsDisposed, Last.IsAskedToStop).ShouldBe((2, true, false));
        // rows of all starts count
        Last.Reach(200, 5);
        AwaitAssert(() => (Status(captures).State, Status(captures).RowsApplied).ShouldBe((PipelineState.Streaming, 12)), Soon);
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_restart_is_the_end()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        captures.Tell(new RestartPipeline("shop"), TestActor);
        AwaitCondition(() => Last.IsAskedToStop, Soon);
        var stopper = CreateTestProbe();
        captures.Tell(StopPipelines.Instance, stopper.Ref);
        Status(captures);
        Last.End();

        stopper.ExpectMsg<PipelinesStopped>(Soon);
        ExpectMsg<PipelineStatus>(Soon).State.ShouldBe(PipelineState.Stopped);
        Made.ShouldBe(1);
    }

    [Fact]
    public void What_is_not_captured_here_is_said_by_name()
    {
        var captures = Start();
        captures.Tell(new ResumePipeline("shp"), TestActor);
        ExpectMsg<Status.Failure>(Soon).Cause.ShouldBeOfType<KeyNotFoundException>().Message.ShouldContain("'shp'");
    }

    [Fact]
    public void Whoever_waits_for_now_while_it_is_between_two_starts_is_answered_after_the_next()
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Degraded), Soon);
        captures.Tell(new WaitForWatermark("shop", null, TimeSpan.FromMinutes(1)), TestActor);
        Status(captures);
        ExpectNoMsg(TimeSpan.Zero);

        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
        AwaitAssert(() =>
        {
            Last.Reach(500, 2);
            HasMessages.ShouldBeTrue();
        }, Soon);

        ExpectMsg<WatermarkAnswer>().ShouldBe(new WatermarkAnswer("shop", "0/1F4", true));
    }

    [Fact]
    public void Whoever_waits_for_now_of_one_that_failed_hears_so_at_once()
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Fatal, "the topic is gone"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Failed), Soon);

        captures.Tell(new WaitForWatermark("shop", null, TimeSpan.FromMinutes(1)), TestActor);

        ExpectMsg<WatermarkAnswer>(Soon).Reason.ShouldBe("its capture is failed: the topic is gone");
    }

    [Fact]
    public void A_stop_waits_until_what_is_on_its_way_is_acknowledged()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        captures.Tell(StopPipelines.Instance, TestActor);
        AwaitCondition(() => Last.IsAskedToStop, Soon);
        Last.Reach(100, 7);
        Status(captures).State.ShouldNotBe(PipelineState.Stopped);
        Last.End();
        ExpectMsg<PipelinesStopped>();
        Status(captures).State.ShouldBe(PipelineState.Stopped);
        Last.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void A_stop_while_it_waits_to_start_again_ends_it_at_once()
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Degraded), Soon);
        captures.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Made.ShouldBe(1);
    }

    [Fact]
    public void Whoever_waits_for_a_moment_is_answered_once_the_topics_hold_it()
    {
        var captures = Start();
        captures.Tell(new WaitForWatermark("shop", null, Soon), TestActor);
        captures.Tell(new WaitForWatermark("shop", new Lsn(90), Soon), TestActor);
        Last.Reach(100, 1);
        ExpectMsg<WatermarkAnswer>().ShouldBe(new WatermarkAnswer("shop", "0/64", true));
        ExpectNoMsg(TimeSpan.Zero);
        Last.Reach(500, 2);
        ExpectMsg<WatermarkAnswer>().ShouldBe(new WatermarkAnswer("shop", "0/1F4", true));
        captures.Tell(new WaitForWatermark("other", null, Soon), TestActor);
        ExpectMsg<Status.Failure>();
    }

    [Fact]
    public void A_capture_that_is_ended_lets_the_broker_have_what_is_on_its_way_and_can_be_started_again()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var first = Last;
        captures.Tell(new EndCapture("shop"), TestActor);
        AwaitCondition(() => first.IsAskedToStop, Soon);
        captures.Tell(new EndCapture("shop"), TestActor);
        ExpectMsg<Status.Failure>().Cause.Message.ShouldContain("being ended");
        first.End();
        ExpectMsg<CaptureEnded>(Soon).Pipeline.ShouldBe("shop");
        captures.Tell(GetPipelines.Instance, TestActor);
        ExpectMsg<PipelinesAnswer>().Pipelines.ShouldBeEmpty();
        captures.Tell(new EndCapture("shop"), TestActor);
        ExpectMsg<CaptureEnded>();

        captures.Tell(new StartCapture(Settings.Of("shop")));
        AwaitCondition(() => Made == 2, Soon);
        Status(captures).Name.ShouldBe("shop");
    }

    [Fact]
    public void What_keeps_a_capture_from_its_work_is_an_incident_until_it_works_again()
    {
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log.Ref, typeof(IncidentsChanged));
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker"));
        var begun = log.ExpectMsg<IncidentsChanged>().Changed.ShouldHaveSingleItem();
        (begun.Role, begun.Kind, begun.Reason, begun.Restarts, begun.Ended).ShouldBe((PipelineRole.Capture, IncidentKind.Outage, "no broker", 1, null));
        AwaitAssert(() => Status(captures).Incident.ShouldNotBeNull().Since.ShouldBe(begun.Began), Soon);

        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        AwaitCondition(() => Made == 2, Soon);
        AwaitAssert(() =>
        {
            Last.Reach(100, 7);
            Status(captures).Incident.ShouldBeNull();
        }, Soon);
        log.ExpectMsg<IncidentsChanged>().Changed[0].Outcome.ShouldBe("it went away");
    }
}
