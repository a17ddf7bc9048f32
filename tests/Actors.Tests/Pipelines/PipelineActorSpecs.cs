using Akka.Actor;
using Akka.TestKit;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class PipelineActorSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    [Fact]
    public void A_pipeline_that_was_started_streams()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
        AwaitAssert(() => Status(pipeline).Watermark.ShouldBe("0/6C"), Soon);
        Status(pipeline).RowsApplied.ShouldBe(1);
        Status(pipeline).LastChanges.ShouldBe(["Insert"]);
    }

    [Fact]
    public void A_part_that_crashes_is_started_again_after_a_pause_from_the_position_in_the_target()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);

        // A bug in the target's client: the position stays where it was.
        Factory.Target.Before = _ => throw new NullReferenceException("a bug");
        var first = Factory.Source;
        first.Put(new Rows(200).Insert(2, "b").Batch());
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);
        Status(pipeline).Reason.ShouldNotBeNull().ShouldContain("a bug");
        AwaitCondition(() => first.IsDisposed, Soon);
        Factory.Sources.Count.ShouldBe(1);

        Factory.Target.Before = _ => Task.CompletedTask;
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.Opened.ShouldBe([Position.EndOf(new Lsn(100))]), Soon);
        Factory.Source.Put(new Rows(200).Insert(2, "b").Batch());
        AwaitAssert(() => Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(200))), Soon);
        Factory.Target.State.Generation.ShouldBe(2);
        AwaitAssert(() => Status(pipeline).Reason.ShouldBeNull(), Soon);
    }

    [Fact]
    public void The_pauses_between_crashes_grow()
    {
        Factory.Target.Before = _ => throw new NullReferenceException("a bug");
        Started();
        var runs = 1;
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400) })
        {
            Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
            AwaitCondition(() => Factory.Source.IsDisposed, Soon);
            Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
            Factory.Sources.Count.ShouldBe(runs);
            Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
            runs++;
            AwaitAssert(() => Factory.Sources.Count.ShouldBe(runs), Soon);
            AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        }
    }

    [Fact]
    public void An_outage_of_the_target_shows_as_degraded_and_ends()
    {
        var isDown = true;
        Factory.Target.Before = _ => isDown ? throw new PipelineFailure(FailureClass.Transient, "the graph is away") : Task.CompletedTask;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);
        Status(pipeline).Reason.ShouldBe("target: the graph is away");
        Factory.Source.Acknowledged.ShouldBe(Lsn.Zero);
        isDown = false;
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);
        AwaitAssert(() => Status(pipeline).State.ShouldNotBe(PipelineState.Degraded), Soon);
        Status(pipeline).Retries.ShouldBe(1);
    }

    [Fact]
    public void A_restart_that_meets_nobody_waits_for_the_server_without_end()
    {
        var pipeline = Started();
        Factory.Describing = () => throw new PipelineFailure(FailureClass.Transient, "nothing answers");
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);

        for (var runs = 2; runs < 20; runs++)
        {
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(10));
                Factory.Sources.Count.ShouldBeGreaterThanOrEqualTo(runs);
            }, Soon);
        }
        Status(pipeline).State.ShouldBe(PipelineState.Degraded);

        Factory.Describing = () => Task.CompletedTask;
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(10));
            Factory.Source.Opened.ShouldNotBeEmpty();
        }, Soon);
    }

    [Fact]
    public void A_first_launch_that_meets_nobody_waits_for_the_server_too()
    {
        Factory.Describing = () => throw new PipelineFailure(FailureClass.Transient, "nothing answers");
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), TestActor);
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);
        Status(pipeline).Reason.ShouldNotBeNull().ShouldContain("nothing answers");

        Factory.Describing = () => Task.CompletedTask;
        Scheduler.Advance(TimeSpan.FromSeconds(10));

        ExpectMsg<PipelineStarted>(Soon);
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
    }

    [Fact]
    public void A_failure_that_needs_a_person_is_said_once_and_stops_everything()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(PipelineFailed));
        var pipeline = Started();

        Factory.Source.Fail(new PipelineFailure(FailureClass.Fatal, "the slot is gone") { ExitCode = ExitCode.SourceUnfit });

        ExpectMsg<PipelineFailed>().Failure.ExitCode.ShouldBe(ExitCode.SourceUnfit);
        Status(pipeline).State.ShouldBe(PipelineState.Failed);
        Status(pipeline).Reason.ShouldBe("the slot is gone");
        AwaitCondition(() => Factory.Source.IsDisposed, Soon);
        Scheduler.Advance(TimeSpan.FromMinutes(10));
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_waits_for_the_watermark_is_answered_when_it_is_there_or_the_time_is_over()
    {
        var pipeline = Started();
        var (early, late) = (CreateTestProbe(), CreateTestProbe());
        early.Send(pipeline, new WaitForWatermark("shop", new Lsn(108), TimeSpan.FromSeconds(5)));
        late.Send(pipeline, new WaitForWatermark("shop", new Lsn(999), TimeSpan.FromSeconds(5)));

        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        early.ExpectMsg<WatermarkAnswer>().Reached.ShouldBeTrue();
        late.HasMessages.ShouldBeFalse();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        late.ExpectMsg<WatermarkAnswer>().Reached.ShouldBeFalse();
    }

    [Fact]
    public void Stopping_drains_and_records_the_position()
    {
        var release = new TaskCompletionSource();
        Factory.Target.Before = _ => release.Task;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);

        pipeline.Tell(StopPipelines.Instance, TestActor);
        release.SetResult();

        ExpectMsg<PipelinesStopped>();
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
        Status(pipeline).State.ShouldBe(PipelineState.Stopped);
    }

    [Fact]
    public void Stopping_does_not_wait_for_a_target_that_is_away_longer_than_its_bound()
    {
        Factory.Target.Before = _ => throw new PipelineFailure(FailureClass.Transient, "away");
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Degraded), Soon);

        pipeline.Tell(StopPipelines.Instance, TestActor);
        Status(pipeline);
        Scheduler.Advance(TimeSpan.FromSeconds(21));

        ExpectMsg<PipelinesStopped>();
        Factory.Source.Acknowledged.ShouldBe(Lsn.Zero);
    }
}
