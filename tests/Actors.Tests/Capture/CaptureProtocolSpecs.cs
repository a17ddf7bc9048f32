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

/// <summary>What each message is answered with in each state.</summary>
public sealed class CaptureProtocolSpecs(ITestOutputHelper output) : CaptureSpecs(output)
{
    [Fact]
    public void All_who_ask_for_the_stop_are_answered_while_it_drains_and_after_it()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var (first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var child = Child("shop");
        first.Send(child, StopPipelines.Instance);
        second.Send(child, StopPipelines.Instance);
        AwaitCondition(() => Last.IsAskedToStop, Soon);
        (first.HasMessages, second.HasMessages).ShouldBe((false, false));

        Last.End();

        first.ExpectMsg<PipelinesStopped>();
        second.ExpectMsg<PipelinesStopped>();
        late.Send(child, StopPipelines.Instance);
        late.ExpectMsg<PipelinesStopped>();
        Status(captures).State.ShouldBe(PipelineState.Stopped);
    }

    [Fact]
    public void One_that_is_stopped_is_not_started_by_a_late_message()
    {
        var captures = Start();
        captures.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();

        captures.Tell(new StartCapture(Pipeline()));
        Scheduler.Advance(TimeSpan.FromMinutes(5));

        Status(captures).State.ShouldBe(PipelineState.Stopped);
        Made.ShouldBe(1);
    }

    [Fact]
    public void One_that_failed_and_is_stopped_says_to_the_end_why_it_failed()
    {
        var captures = Start();
        Last.Fail(new PipelineFailure(FailureClass.Fatal, "the topic is gone"));
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Failed), Soon);

        captures.Tell(StopPipelines.Instance, TestActor);

        ExpectMsg<PipelinesStopped>();
        (Status(captures).State, Status(captures).Reason).ShouldBe((PipelineState.Failed, "the topic is gone"));
    }

    [Fact]
    public void What_fails_while_it_drains_is_no_reason_not_to_stop()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        captures.Tell(StopPipelines.Instance, TestActor);
        AwaitCondition(() => Last.IsAskedToStop, Soon);

        EventFilter.Warning(contains: "no broker; what the topics lack is sent at the next start").ExpectOne(Soon, () => Last.Fail(new PipelineFailure(FailureClass.Transient, "no broker")));

        ExpectMsg<PipelinesStopped>();
        Status(captures).State.ShouldBe(PipelineState.Stopped);
    }

    [Fact]
    public void One_that_is_started_while_it_is_being_ended_begins_anew_with_its_new_settings_once_nothing_of_it_runs()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        var first = Last;
        captures.Tell(new EndCapture("shop"), TestActor);
        AwaitCondition(() => first.IsAskedToStop, Soon);

        captures.Tell(new StartCapture(Pipeline() with { Consistency = Consistency.Parallel }));
        Status(captures);
        Made.ShouldBe(1);
        first.End();

        ExpectMsg<CaptureEnded>(Soon);
        AwaitCondition(() => Made == 2, Soon);
        Status(captures).Consistency.ShouldBe(Consistency.Parallel);
    }

    [Fact]
    public void One_that_does_not_end_in_its_time_is_ended_all_the_same()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start();
        captures.Tell(new EndCapture("shop"), TestActor);
        AwaitCondition(() => Last.IsAskedToStop, Soon);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(25));
            HasMessages.ShouldBeTrue();
        }, Soon);
        ExpectMsg<CaptureEnded>();
    }

    [Fact]
    public void A_node_that_stops_waits_for_its_captures_no_longer_than_their_time()
    {
        Make = () => new FakeCapture { StopsAtOnce = false };
        var captures = Start("orders", "shop");
        var hanging = Last;
        captures.Tell(StopPipelines.Instance, TestActor);
        AwaitCondition(() => hanging.IsAskedToStop, Soon);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(25));
            HasMessages.ShouldBeTrue();
        }, Soon);
        ExpectMsg<PipelinesStopped>();
    }

    [Fact]
    public void One_that_does_not_answer_keeps_nobody_from_the_others_status()
    {
        var captures = Start("orders", "shop");
        using var held = new ManualResetEventSlim();
        using var holds = new ManualResetEventSlim();
        Last.Looking = () =>
        {
            holds.Set();
            held.Wait(Soon);
        };
        captures.Tell(GetPipelines.Instance, TestActor);
        holds.Wait(Soon).ShouldBeTrue();
        AwaitAssert(() =>
        {
            // step by step: whoever answers at all has done so long before the bound
            Scheduler.Advance(TimeSpan.FromMilliseconds(250));
            HasMessages.ShouldBeTrue();
        }, Soon);
        held.Set();

        var all = ExpectMsg<PipelinesAnswer>().Pipelines.OrderBy(p => p.Name, StringComparer.Ordinal).ToArray();
        all.Select(p => (p.Name, p.Role, p.State)).ShouldBe([("orders", PipelineRole.Capture, PipelineState.Starting), ("shop", PipelineRole.Capture, PipelineState.Degraded)]);
        all[1].Reason.ShouldNotBeNull().ShouldContain("does not answer");
    }

    [Fact]
    public void Who_waits_for_now_where_nothing_can_be_marked_waits_his_time_and_the_capture_goes_on()
    {
        var captures = Start();
        Last.Unmarkable = new ObjectDisposedException("capture");
        captures.Tell(new WaitForWatermark("shop", null, TimeSpan.FromSeconds(5)), TestActor);
        Status(captures);
        HasMessages.ShouldBeFalse();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        ExpectMsg<WatermarkAnswer>(Soon).Reached.ShouldBeFalse();
        Made.ShouldBe(1);
    }

    [Fact]
    public void Who_waits_longer_than_its_time_is_told_so_and_who_waits_for_the_past_at_once()
    {
        var captures = Start();
        Last.Reach(100, 1);
        AwaitAssert(() => Status(captures).Watermark.ShouldBe("0/64"), Soon);
        captures.Tell(new WaitForWatermark("shop", new Lsn(100), Soon), TestActor);
        ExpectMsg<WatermarkAnswer>().Reached.ShouldBeTrue();

        captures.Tell(new WaitForWatermark("shop", new Lsn(101), TimeSpan.FromSeconds(5)), TestActor);
        Status(captures);
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        Status(captures);
        HasMessages.ShouldBeFalse();
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg<WatermarkAnswer>().Reached.ShouldBeFalse();
    }

    [Fact]
    public void What_the_broker_complains_of_is_an_incident_from_the_look_that_finds_it_to_the_one_that_does_not()
    {
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log.Ref, typeof(IncidentsChanged));
        var captures = Start();
        Last.Reach(100, 7, "connection refused");
        AwaitAssert(() => Status(captures).State.ShouldBe(PipelineState.Degraded), Soon);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            log.HasMessages.ShouldBeTrue();
        }, Soon);
        var begun = log.ExpectMsg<IncidentsChanged>().Changed.ShouldHaveSingleItem();
        (begun.Part, begun.Reason).ShouldBe(("broker", "broker: connection refused"));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Status(captures);
        log.HasMessages.ShouldBeFalse();

        Last.Reach(101, 8);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            log.HasMessages.ShouldBeTrue();
        }, Soon);
        log.ExpectMsg<IncidentsChanged>().Changed[0].Outcome.ShouldBe("it went away");
    }

    [Fact]
    public void Whatever_it_does_not_know_is_left_unhandled_and_changes_nothing()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));
        var captures = Start();
        captures.Tell(new PausePipeline("shop", null));
        ExpectMsg<Akka.Event.UnhandledMessage>().Message.ShouldBeOfType<PausePipeline>();
        Sys.ActorSelection("/user/captures/shop").Tell("nonsense");
        ExpectMsg<Akka.Event.UnhandledMessage>().Message.ShouldBe("nonsense");
        Status(captures).State.ShouldBe(PipelineState.Starting);
    }
}
