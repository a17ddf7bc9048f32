using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class PipelineLifeSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    [Fact]
    public void Pausing_drains_and_stops_reading()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => Factory.Source.Given == 1, Soon);

        pipeline.Tell(new PausePipeline("shop", "night shift"), TestActor);

        var status = ExpectMsg<PipelineStatus>();
        status.State.ShouldBe(PipelineState.Paused);
        status.Reason.ShouldBe("night shift");
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);
    }

    [Fact]
    public void A_paused_pipeline_stays_so_over_a_restart_and_a_start_until_it_is_resumed()
    {
        var pipeline = Started();
        pipeline.Tell(new PausePipeline("shop", "night shift"), TestActor);
        var since = ExpectMsg<PipelineStatus>().Since;

        pipeline = Renew(pipeline);
        pipeline.Tell(GoOn.Instance);
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);

        ExpectMsg<PipelineStarted>().IsPaused.ShouldBeTrue();
        var status = Status(pipeline);
        (status.State, status.Reason, status.Since).ShouldBe((PipelineState.Paused, "night shift", since));
        Factory.Sources.Count.ShouldBe(1);

        pipeline.Tell(new ResumePipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Starting);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
    }

    [Fact]
    public void A_failed_pipeline_stays_so_over_a_restart()
    {
        var pipeline = Failed();

        pipeline = Renew(pipeline);
        pipeline.Tell(GoOn.Instance);

        var status = Status(pipeline);
        (status.State, status.Reason, status.LastError).ShouldBe((PipelineState.Failed, "the slot is gone", "the slot is gone"));
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void A_start_tries_a_failed_pipeline_afresh_and_says_how_that_went()
    {
        var pipeline = Renew(Failed());
        Factory.Describing = () => throw new PipelineFailure(FailureClass.Fatal, "still gone") { ExitCode = ExitCode.SourceUnfit };
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);
        ExpectMsg<PipelineFailed>().Failure.Message.ShouldBe("still gone");

        Factory.Describing = () => Task.CompletedTask;
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);
        ExpectMsg<PipelineStarted>().IsPaused.ShouldBeFalse();

        pipeline = Renew(pipeline);
        pipeline.Tell(GoOn.Instance);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(4), Soon);
        Status(pipeline).State.ShouldNotBe(PipelineState.Failed);
    }

    [Fact]
    public void A_pipeline_that_ran_goes_on_after_its_actor_was_made_anew()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);

        pipeline = Renew(pipeline);
        pipeline.Tell(GoOn.Instance);

        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.Opened.ShouldBe([Position.EndOf(new Lsn(100))]), Soon);
    }

    [Fact]
    public void A_pause_during_an_outage_does_not_wait_for_its_end()
    {
        Factory.Target.Before = _ => throw new PipelineFailure(FailureClass.Transient, "away");
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);

        pipeline.Tell(new PausePipeline("shop", null), TestActor);
        Status(pipeline);
        Scheduler.Advance(TimeSpan.FromSeconds(21));

        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
    }

    [Fact]
    public void A_pipeline_that_is_resumed_while_it_drains_starts_again_once_it_has()
    {
        var release = new TaskCompletionSource();
        Factory.Target.Before = _ => release.Task;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);

        var (pauser, resumer) = (CreateTestProbe(), CreateTestProbe());
        pauser.Send(pipeline, new PausePipeline("shop", null));
        resumer.Send(pipeline, new ResumePipeline("shop"));
        resumer.ExpectMsg<PipelineStatus>(Soon);
        release.SetResult();

        pauser.ExpectMsg<PipelineStatus>(Soon);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.Opened.ShouldBe([Position.EndOf(new Lsn(100))]), Soon);
    }

    [Fact]
    public void A_restart_drains_first_and_begins_at_the_target_s_position()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => Factory.Source.Given == 1, Soon);

        pipeline.Tell(new RestartPipeline("shop"), TestActor);

        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Starting);
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.Opened.ShouldBe([Position.EndOf(new Lsn(100))]), Soon);
        AwaitAssert(() => Status(pipeline).State.ShouldNotBe(PipelineState.Starting), Soon);
        // nothing of it is remembered: one that is made anew runs
        pipeline = Renew(pipeline);
        pipeline.Tell(GoOn.Instance);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(3), Soon);
    }

    [Fact]
    public void A_restart_lets_one_that_failed_run_again()
    {
        var pipeline = Failed();
        pipeline.Tell(new RestartPipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Starting);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
    }

    [Fact]
    public void A_restart_of_one_that_waits_to_start_again_does_not_wait()
    {
        var pipeline = Started();
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);

        pipeline.Tell(new RestartPipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>();
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
    }

    [Fact]
    public void A_pause_that_comes_while_a_restart_drains_goes_before_it()
    {
        var release = new TaskCompletionSource();
        Factory.Target.Before = _ => release.Task;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);

        var (restarter, pauser) = (CreateTestProbe(), CreateTestProbe());
        restarter.Send(pipeline, new RestartPipeline("shop"));
        pauser.Send(pipeline, new PausePipeline("shop", "new disks"));
        Status(pipeline);
        release.SetResult();

        pauser.ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
        restarter.ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
        Status(pipeline);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void A_pause_of_one_that_waits_to_start_again_ends_the_waiting()
    {
        var pipeline = Started();
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);

        pipeline.Tell(new PausePipeline("shop", null), TestActor);
        ExpectMsg<PipelineStatus>().State.ShouldBe(PipelineState.Paused);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Status(pipeline);

        Factory.Sources.Count.ShouldBe(1);
    }

    private IActorRef Failed()
    {
        var pipeline = Started();
        Factory.Source.Fail(new PipelineFailure(FailureClass.Fatal, "the slot is gone") { ExitCode = ExitCode.SourceUnfit });
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Failed), Soon);
        return pipeline;
    }
}
