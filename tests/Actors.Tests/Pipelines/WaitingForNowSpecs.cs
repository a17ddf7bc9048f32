using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary><c>polysync wait --now</c>: what "now" is, only a source that is there can say.</summary>
public sealed class WaitingForNowSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    private static readonly WaitForWatermark BeforeNow = new("shop", null, TimeSpan.FromSeconds(60));

    [Fact]
    public void While_it_starts_it_waits_for_the_start()
    {
        var start = new TaskCompletionSource();
        (Factory.Describing, Factory.Marking) = (() => start.Task, () => Task.FromResult(new Lsn(108)));
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), ActorRefs.NoSender);
        pipeline.Tell(BeforeNow, TestActor);
        Status(pipeline).State.ShouldBe(PipelineState.Starting);
        ExpectNoMsg(TimeSpan.Zero);

        start.SetResult();
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        ExpectNoMsg(TimeSpan.Zero);
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        ExpectMsg<WatermarkAnswer>(Soon).ShouldBe(new WatermarkAnswer("shop", "0/6C", true));
    }

    [Fact]
    public void A_start_that_takes_longer_than_the_time_given_is_said_when_that_is_over()
    {
        Factory.Describing = () => new TaskCompletionSource().Task;
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), ActorRefs.NoSender);
        pipeline.Tell(BeforeNow, TestActor);
        Status(pipeline);
        Scheduler.Advance(TimeSpan.FromSeconds(59));
        Status(pipeline);
        ExpectNoMsg(TimeSpan.Zero);

        Scheduler.Advance(TimeSpan.FromSeconds(1));

        ExpectMsg<WatermarkAnswer>(Soon).ShouldBe(new WatermarkAnswer("shop", "0/0", false));
    }

    [Fact]
    public void One_that_stands_by_says_so_at_once()
    {
        Factory.Describing = () => new TaskCompletionSource().Task;
        var pipeline = Make();
        pipeline.Tell(new StartPipeline(Settings.Of()), ActorRefs.NoSender);
        AwaitCondition(() => Factory.Sources.Count == 1, Soon);
        Factory.Source.Waiting = new SourceWait(IsStandby: true, "another node has the cuts of 'shop'");
        Status(pipeline).State.ShouldBe(PipelineState.Standby);

        pipeline.Tell(BeforeNow, TestActor);

        ExpectMsg<WatermarkAnswer>(Soon).ShouldBe(new WatermarkAnswer("shop", "0/0", false) { Reason = "it is standby: another node has the cuts of 'shop'" });
    }

    [Fact]
    public void One_that_is_paused_says_so_at_once()
    {
        var pipeline = Started();
        pipeline.Tell(new PausePipeline("shop", "night shift"), TestActor);
        ExpectMsg<PipelineStatus>(Soon);

        pipeline.Tell(BeforeNow, TestActor);

        ExpectMsg<WatermarkAnswer>(Soon).Reason.ShouldBe("it is paused: night shift");
    }

    [Fact]
    public void A_source_that_does_not_answer_is_asked_again()
    {
        var asked = 0;
        Factory.Marking = () => ++asked == 1 ? Task.FromException<Lsn>(new PipelineFailure(FailureClass.Transient, "the connection broke")) : Task.FromResult(new Lsn(0));
        var pipeline = Started();
        pipeline.Tell(BeforeNow, TestActor);

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            HasMessages.ShouldBeTrue();
        }, Soon);

        ExpectMsg<WatermarkAnswer>().Reached.ShouldBeTrue();
        asked.ShouldBe(2);
    }

    [Fact]
    public void A_source_that_has_no_watermark_is_said_at_once()
    {
        Factory.Marking = () => Task.FromException<Lsn>(new PipelineFailure(FailureClass.Fatal, "there is no watermark to wait for"));
        var pipeline = Started();

        pipeline.Tell(BeforeNow, TestActor);

        ExpectMsg<WatermarkAnswer>(Soon).Reason.ShouldBe("there is no watermark to wait for");
        Status(pipeline).Reason.ShouldBeNull();
    }
}
