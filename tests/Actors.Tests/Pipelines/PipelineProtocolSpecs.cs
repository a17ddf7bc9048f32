using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>What each message is answered with in each state, and what comes late.</summary>
public sealed class PipelineProtocolSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    private static readonly PipelineFailure Away = new(FailureClass.Transient, "away");

    [Fact]
    public void All_who_start_one_are_answered_once_it_runs()
    {
        var describing = new TaskCompletionSource();
        Factory.Describing = () => describing.Task;
        var pipeline = Make();
        var (first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        first.Send(pipeline, new StartPipeline(Settings.Of()));
        second.Send(pipeline, new StartPipeline(Settings.Of()));
        Status(pipeline).State.ShouldBe(PipelineState.Starting);
        describing.SetResult();

        first.ExpectMsg<PipelineStarted>(Soon).IsPaused.ShouldBeFalse();
        second.ExpectMsg<PipelineStarted>(Soon);
        late.Send(pipeline, new StartPipeline(Settings.Of()));
        late.ExpectMsg<PipelineStarted>();
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_starts_one_that_is_paused_before_it_runs_is_told_that_it_is_paused()
    {
        var describing = new TaskCompletionSource();
        Factory.Describing = () => describing.Task;
        var pipeline = Make();
        var (starter, pauser) = (CreateTestProbe(), CreateTestProbe());
        starter.Send(pipeline, new StartPipeline(Settings.Of()));
        pauser.Send(pipeline, new PausePipeline("shop", "night"));
        pauser.ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
        starter.ExpectMsg<PipelineStarted>().IsPaused.ShouldBeTrue();
        describing.SetResult();

        AwaitCondition(() => Factory.Source.IsDisposed, Soon);
        Status(pipeline).State.ShouldBe(PipelineState.Paused);
    }

    [Fact]
    public void A_pause_that_is_asked_for_twice_is_one_with_its_first_reason()
    {
        var pipeline = Started();
        var (first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        first.Send(pipeline, new PausePipeline("shop", "night"));
        second.Send(pipeline, new PausePipeline("shop", "day"));
        foreach (var asker in new[] { first, second }) asker.ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
        late.Send(pipeline, new PausePipeline("shop", "later"));
        late.ExpectMsg<PipelineStatus>().Reason.ShouldBe("night");
    }

    [Fact]
    public void A_resume_of_one_that_runs_changes_nothing_and_is_answered()
    {
        var pipeline = Started();
        pipeline.Tell(new ResumePipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Copying);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_waits_for_now_where_the_source_has_no_such_moment_is_told_why_and_the_pipeline_goes_on()
    {
        var pipeline = Started();
        // as topics of Debezium's: at once, not in the task
        Factory.Source.Marking = () => throw new PipelineFailure(FailureClass.Fatal, "there is no watermark to wait for");
        pipeline.Tell(new WaitForWatermark("shop", null, Soon), TestActor);
        ExpectMsg<WatermarkAnswer>().ShouldBe(new WatermarkAnswer("shop", "0/0", false) { Reason = "there is no watermark to wait for" });

        Status(pipeline).State.ShouldBe(PipelineState.Copying);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_waits_for_what_is_there_is_answered_at_once_and_who_waits_for_now_once_the_marker_is()
    {
        var pipeline = Started();
        Factory.Source.Marking = () => Task.FromResult(new Lsn(108));
        var (now, past) = (CreateTestProbe(), CreateTestProbe());
        now.Send(pipeline, new WaitForWatermark("shop", null, Soon));
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        now.ExpectMsg<WatermarkAnswer>().ShouldBe(new WatermarkAnswer("shop", "0/6C", true));
        past.Send(pipeline, new WaitForWatermark("shop", new Lsn(50), Soon));
        past.ExpectMsg<WatermarkAnswer>().Reached.ShouldBeTrue();
    }

    [Fact]
    public void Who_waits_is_answered_by_the_run_that_finds_the_moment_in_the_graph()
    {
        var pipeline = Started();
        pipeline.Tell(new WaitForWatermark("shop", new Lsn(108), TimeSpan.FromHours(1)), TestActor);
        Status(pipeline);
        // the run ends between its write and the word of it
        Factory.Target.State = Factory.Target.State with { Position = Position.EndOf(new Lsn(100)), Watermark = new Lsn(108) };
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);
        HasMessages.ShouldBeFalse();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        ExpectMsg<WatermarkAnswer>(Soon).Reached.ShouldBeTrue();
    }

    [Fact]
    public void What_parts_of_an_earlier_run_say_is_not_taken_for_the_state_of_this_one()
    {
        var pipeline = Started();
        var earlier = CreateTestProbe();
        earlier.Send(pipeline, new PartDegraded("target", "away"));
        earlier.Send(pipeline, new PartFailed(new PipelineFailure(FailureClass.Fatal, "fenced")));
        earlier.Send(pipeline, Finished.Instance);

        var status = Status(pipeline);
        (status.State, status.Reason, status.Retries).ShouldBe((PipelineState.Copying, null, 0));
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);
    }

    [Fact]
    public void A_retry_of_dead_letters_where_nothing_runs_is_for_the_next_run()
    {
        var pipeline = Make();
        pipeline.Tell(new RetryDeadLetters("shop"));
        Status(pipeline).State.ShouldBe(PipelineState.Starting);
    }

    [Fact]
    public void A_status_does_not_wait_for_a_source_that_is_busy_longer_than_its_bound()
    {
        var pipeline = Started();
        using var held = new ManualResetEventSlim();
        using var holds = new ManualResetEventSlim();
        Factory.Source.Acknowledging = () =>
        {
            holds.Set();
            held.Wait(Soon);
        };
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        holds.Wait(Soon).ShouldBeTrue();

        pipeline.Tell(AskStatus.Instance, TestActor);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            HasMessages.ShouldBeTrue();
        }, Soon);
        held.Set();

        ExpectMsg<PipelineStatus>().RowsInFlight.ShouldBe(0);
    }

    [Fact]
    public void A_status_that_waits_for_a_source_that_crashes_is_answered_with_that()
    {
        var pipeline = Started();
        using var held = new ManualResetEventSlim();
        using var holds = new ManualResetEventSlim();
        Factory.Source.Acknowledging = () =>
        {
            holds.Set();
            held.Wait(Soon);
            throw new InvalidOperationException("a bug");
        };
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        holds.Wait(Soon).ShouldBeTrue();
        pipeline.Tell(AskStatus.Instance, TestActor);
        held.Set();

        ExpectMsg<PipelineStatus>();
        AwaitAssert(() => (Status(pipeline).State, Status(pipeline).Reason).ShouldBe((PipelineState.Degraded, "pipeline: a bug")), Soon);
    }

    [Fact]
    public void What_was_opened_for_a_launch_that_fails_is_closed_again()
    {
        Factory.Letters.Counting = () => throw Away;
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()));

        AwaitAssert(() => Status(pipeline).Reason.ShouldNotBeNull().ShouldContain("away"), Soon);
        (Factory.Source.IsDisposed, Factory.Target.IsDisposed, Factory.Letters.Closed).ShouldBe((true, true, 1));
    }

    [Fact]
    public void A_launch_that_meets_what_nobody_expected_needs_a_person()
    {
        Factory.Describing = () => throw new InvalidOperationException("a bug");
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);
        ExpectMsg<PipelineFailed>(Soon).Failure.Message.ShouldBe("pipeline shop could not start: a bug");
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Status(pipeline).State.ShouldBe(PipelineState.Failed);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Whatever_it_does_not_know_is_left_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));
        var pipeline = Started();
        pipeline.Tell("nonsense");
        ExpectMsg<Akka.Event.UnhandledMessage>().Message.ShouldBe("nonsense");
        Status(pipeline).State.ShouldBe(PipelineState.Copying);
    }
}
