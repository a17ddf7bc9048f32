using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class PipelineBackoffSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    private int _runs = 1;

    private protected override PipelineSettings Pipeline => Settings.Of(limits: new LimitSettings { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 });

    [Fact]
    public void The_pauses_double_with_jitter_up_to_their_limit_and_are_short_again_once_the_graph_has_moved()
    {
        var pipeline = Started();
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400), (200, 400) }) CrashesAndBeginsAgain(pipeline, least, most);

        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Status(pipeline).Watermark.ShouldBe("0/6C"), Soon);

        CrashesAndBeginsAgain(pipeline, 50, 100);
    }

    [Fact]
    public void Launches_that_meet_nobody_and_crashes_count_together()
    {
        var pipeline = Started();
        CrashesAndBeginsAgain(pipeline, 50, 100);
        Factory.Describing = () => throw new PipelineFailure(FailureClass.Transient, "nothing answers");
        CrashesAndBeginsAgain(pipeline, 100, 200);
        BeginsAgain(pipeline, 200, 400);
    }

    [Fact]
    public void A_restart_by_a_person_is_followed_by_the_shortest_pause()
    {
        var pipeline = Started();
        CrashesAndBeginsAgain(pipeline, 50, 100);
        CrashesAndBeginsAgain(pipeline, 100, 200);
        pipeline.Tell(new RestartPipeline("shop"), TestActor);
        ExpectMsg<PipelineStatus>();
        _runs++;
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(_runs), Soon);
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);

        CrashesAndBeginsAgain(pipeline, 50, 100);
    }

    private void CrashesAndBeginsAgain(IActorRef pipeline, int least, int most)
    {
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        Factory.Source.Fail(new InvalidOperationException("a bug"));
        BeginsAgain(pipeline, least, most);
    }

    private void BeginsAgain(IActorRef pipeline, int least, int most)
    {
        AwaitAssert(() => (Status(pipeline).State, Factory.Source.IsDisposed).ShouldBe((PipelineState.Degraded, true)), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
        Status(pipeline);
        Factory.Sources.Count.ShouldBe(_runs, $"before {least} ms");
        Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
        _runs++;
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(_runs), Soon);
    }
}
