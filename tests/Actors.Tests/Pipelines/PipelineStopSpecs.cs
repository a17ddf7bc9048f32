using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>A stop in each state of a pipeline, and what comes while it drains.</summary>
public sealed class PipelineStopSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    [Fact]
    public void All_who_ask_for_the_stop_are_answered_once_what_is_in_flight_is_written()
    {
        var (pipeline, release) = Writing();
        var (first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        first.Send(pipeline, StopPipelines.Instance);
        second.Send(pipeline, StopPipelines.Instance);
        Status(pipeline);
        (first.HasMessages, second.HasMessages).ShouldBe((false, false));

        release.SetResult();

        first.ExpectMsg<PipelinesStopped>();
        second.ExpectMsg<PipelinesStopped>();
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
        late.Send(pipeline, StopPipelines.Instance);
        late.ExpectMsg<PipelinesStopped>();
    }

    [Fact]
    public void What_is_written_at_the_stop_is_said_to_the_source_before_that_is_closed()
    {
        var (pipeline, release) = Writing();
        var wasOpen = false;
        Factory.Source.Acknowledging = () => wasOpen = !Factory.Source.IsDisposed && !Factory.Target.IsDisposed;
        pipeline.Tell(StopPipelines.Instance, TestActor);
        release.SetResult();

        ExpectMsg<PipelinesStopped>();
        wasOpen.ShouldBeTrue();
        AwaitAssert(() => (Factory.Source.IsDisposed, Factory.Target.IsDisposed, Factory.Letters.Closed).ShouldBe((true, true, 1)), Soon);
        AwaitAssert(() => Factory.Source.OpenStreams.ShouldBe(0), Soon);
    }

    [Fact]
    public void One_that_was_never_started_stops_at_once()
    {
        var pipeline = Make();
        pipeline.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();
        Status(pipeline).State.ShouldBe(PipelineState.Stopped);
    }

    [Fact]
    public void One_that_is_still_starting_stops_at_once_and_what_it_had_begun_is_closed()
    {
        var pipeline = Starting();

        pipeline.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();

        Factory.Source.IsDisposed.ShouldBeTrue();
        Status(pipeline).State.ShouldBe(PipelineState.Stopped);
        Factory.Source.Opened.ShouldBeEmpty();
    }

    [Fact]
    public void The_end_is_told_when_what_it_held_is_free_for_others()
    {
        var closing = new TaskCompletionSource();
        var pipeline = Started();
        Factory.Source.Closing = () => closing.Task;
        pipeline.Tell(StopPipelines.Instance, TestActor);
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Stopped), Soon);
        HasMessages.ShouldBeFalse();

        closing.SetResult();

        ExpectMsg<PipelinesStopped>();
        Factory.Source.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void A_server_that_never_lets_go_does_not_keep_it_from_ending()
    {
        var pipeline = Started();
        Factory.Source.Closing = () => new TaskCompletionSource().Task;
        pipeline.Tell(StopPipelines.Instance, TestActor);
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Stopped), Soon);

        EventFilter.Warning(contains: "its connections are not closed after 4 s").ExpectOne(() => Scheduler.Advance(TimeSpan.FromSeconds(5)));

        ExpectMsg<PipelinesStopped>();
    }

    [Fact]
    public void A_new_run_begins_when_the_last_one_holds_nothing_any_more()
    {
        var closing = new TaskCompletionSource();
        var pipeline = Started();
        Factory.Source.Closing = () => closing.Task;
        pipeline.Tell(new RestartPipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>();
        Factory.Sources.Count.ShouldBe(1);

        closing.SetResult();

        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.OpenStreams.ShouldBe(1), Soon);
    }

    [Fact]
    public void A_node_that_stands_by_leaves_its_group_while_it_is_paused_and_joins_again_after()
    {
        var pipeline = Starting();

        pipeline.Tell(new PausePipeline("shop", "works"), CreateTestProbe());
        AwaitAssert(() => Factory.Source.IsDisposed.ShouldBeTrue(), Soon);
        Status(pipeline).State.ShouldBe(PipelineState.Paused);
        Factory.Describing = () => Task.CompletedTask;
        pipeline.Tell(new ResumePipeline("shop"), CreateTestProbe());

        AwaitAssert(() => Factory.Source.OpenStreams.ShouldBe(1), Soon);
        Factory.Sources.Count.ShouldBe(2);
    }

    [Fact]
    public void One_that_waits_to_start_again_stops_at_once_and_its_timer_with_it()
    {
        var pipeline = Started();
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);

        pipeline.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();
        Scheduler.Advance(TimeSpan.FromMinutes(5));

        Status(pipeline).State.ShouldBe(PipelineState.Stopped);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void A_paused_one_stops_at_once_and_is_paused_when_it_is_made_again()
    {
        var pipeline = Started();
        pipeline.Tell(new PausePipeline("shop", "night"), TestActor);
        ExpectMsg<PipelineStatus>();
        pipeline.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();

        pipeline = Renew(pipeline);
        (Status(pipeline).State, Status(pipeline).Reason).ShouldBe((PipelineState.Paused, "night"));
    }

    [Fact]
    public void A_failure_that_needs_a_person_ends_the_draining()
    {
        var (pipeline, release) = Writing();
        pipeline.Tell(StopPipelines.Instance, TestActor);
        Status(pipeline);
        release.SetException(new PipelineFailure(FailureClass.Fatal, "no such database"));

        ExpectMsg<PipelinesStopped>();
        (Status(pipeline).State, Status(pipeline).Reason).ShouldBe((PipelineState.Failed, "no such database"));
    }

    [Fact]
    public void A_bug_ends_the_draining_and_nothing_begins_again()
    {
        var (pipeline, release) = Writing();
        pipeline.Tell(StopPipelines.Instance, TestActor);
        Status(pipeline);
        release.SetException(new NullReferenceException("a bug"));

        ExpectMsg<PipelinesStopped>();
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Status(pipeline).State.ShouldBe(PipelineState.Stopped);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void A_bug_while_a_pause_drains_ends_the_draining_too()
    {
        var (pipeline, release) = Writing();
        pipeline.Tell(new PausePipeline("shop", "night"), TestActor);
        release.SetException(new NullReferenceException("a bug"));

        ExpectMsg<PipelineStatus>(Soon).State.ShouldBe(PipelineState.Paused);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Status(pipeline).State.ShouldBe(PipelineState.Paused);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void One_that_was_stopped_can_be_started_again()
    {
        var pipeline = Started();
        pipeline.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();

        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);

        ExpectMsg<PipelineStarted>(Soon);
        Factory.Sources.Count.ShouldBe(2);
    }

    [Fact]
    public void One_whose_actor_is_just_ended_closes_what_it_had_and_what_it_was_making()
    {
        var pipeline = Started();
        Renew(pipeline);
        AwaitAssert(() => (Factory.Sources[0].IsDisposed, Factory.Sources[0].OpenStreams).ShouldBe((true, 0)), Soon);

        var describing = new TaskCompletionSource();
        Factory.Describing = () => describing.Task;
        var starting = Make();
        starting.Tell(new StartPipeline(Settings.Of()), TestActor);
        AwaitCondition(() => Factory.Sources.Count == 2, Soon);
        Renew(starting);
        describing.SetResult();
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);
    }

    /// <summary>A pipeline that is being brought up, and comes no further.</summary>
    private IActorRef Starting()
    {
        Factory.Describing = () => new TaskCompletionSource().Task;
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);
        AwaitCondition(() => Factory.Sources.Count == 1, Soon);
        return pipeline;
    }

    /// <summary>A pipeline in the middle of a write.</summary>
    private (IActorRef Pipeline, TaskCompletionSource Release) Writing()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Factory.Target.Before = _ => release.Task;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);
        return (pipeline, release);
    }
}
