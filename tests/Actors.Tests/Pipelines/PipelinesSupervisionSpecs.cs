using Akka.Actor;
using Akka.Persistence;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>What <c>/user/pipelines</c> does with children that end, hang, or are being changed.</summary>
public sealed class PipelinesSupervisionSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    private int _runs = 1;

    private protected override PipelineSettings Pipeline => Settings.Of(limits: new LimitSettings { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 });

    [Fact]
    public void One_that_ends_is_made_anew_after_pauses_that_double_and_are_short_again_where_it_lived_for_a_while()
    {
        var pipelines = Start();
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400), (200, 400) }) EndsAndIsMadeAnew(pipelines, least, most);

        // more than twice the longest pause
        Scheduler.Advance(TimeSpan.FromMilliseconds(801));

        EndsAndIsMadeAnew(pipelines, 50, 100);
    }

    [Fact]
    public void One_that_ends_while_the_node_stops_is_not_made_anew()
    {
        var pipelines = Start();
        End();
        AwaitAssert(() => Only(pipelines).Reason.ShouldNotBeNull().ShouldContain("made anew"), Soon);
        pipelines.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>();
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Only(pipelines);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public void Questions_to_one_that_is_between_two_lives_are_answered_with_what_to_do()
    {
        var pipelines = Start();
        End();
        AwaitAssert(() => Only(pipelines).Reason.ShouldNotBeNull().ShouldContain("made anew"), Soon);
        foreach (var question in new object[] { new PausePipeline("shop", null), new RestartPipeline("shop"), new GetMapping("shop"), new WaitForWatermark("shop", null, Soon) })
        {
            pipelines.Tell(question, TestActor);
            ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("try again");
        }
        // a person who starts it does not wait with it
        pipelines.Tell(new StartPipeline(Pipeline), TestActor);
        ExpectMsg<PipelineStarted>(Soon);
        Factory.Sources.Count.ShouldBe(2);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Only(pipelines);
        Factory.Sources.Count.ShouldBe(2);
    }

    [Fact]
    public void One_that_is_being_removed_is_not_started_under_its_name()
    {
        var release = new TaskCompletionSource();
        Factory.Target.Before = _ => release.Task;
        var pipelines = Start();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);
        var remover = CreateTestProbe();
        remover.Send(pipelines, new RemovePipeline("shop"));

        pipelines.Tell(new StartPipeline(Pipeline), TestActor);

        ExpectMsg<Status.Failure>().Cause.Message.ShouldContain("just being changed");
        release.SetResult();
        remover.ExpectMsg<PipelineRemoved>(Soon);
    }

    [Fact]
    public void One_that_does_not_answer_keeps_nobody_from_the_others_status_nor_the_node_from_its_stop()
    {
        var pipelines = Start();
        pipelines.Tell(new StartPipeline(Settings.Of("social")), TestActor);
        ExpectMsg<PipelineStarted>(Soon);
        using var hold = new Hold(this);

        pipelines.Tell(GetPipelines.Instance, TestActor);
        AwaitAssert(() =>
        {
            // step by step: whoever answers at all has done so long before the bound
            Scheduler.Advance(TimeSpan.FromMilliseconds(250));
            HasMessages.ShouldBeTrue();
        }, Soon);
        var all = ExpectMsg<PipelinesAnswer>().Pipelines.ToDictionary(p => p.Name);
        all["social"].State.ShouldBe(PipelineState.Copying);
        (all["shop"].State, all["shop"].Reason).ShouldBe((PipelineState.Degraded, "it does not answer: it is being made anew, or waits for its journal"));

        EventFilter.Warning(start: "Pipeline shop was not drained within 25 s").ExpectOne(Soon, () =>
        {
            pipelines.Tell(StopPipelines.Instance, TestActor);
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(25));
                HasMessages.ShouldBeTrue();
            }, Soon);
        });
        ExpectMsg<PipelinesStopped>();
    }

    [Fact]
    public void One_whose_journal_does_not_answer_waits_for_it_without_end_and_says_so()
    {
        Sys.Stop(Persistence.Instance.Apply(Sys).JournalFor(""));
        var pipelines = Sys.ActorOf(PipelinesActor.Props(Factory, Clock, region: null), "pipelines");
        pipelines.Tell(new StartPipeline(Pipeline));
        for (var i = 0; i < 3; i++)
        {
            pipelines.Tell(GetPipelines.Instance, TestActor);
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(30));
                HasMessages.ShouldBeTrue();
            }, Soon);
            ExpectMsg<PipelinesAnswer>().Pipelines.ShouldHaveSingleItem().Reason.ShouldBe("it does not answer: it is being made anew, or waits for its journal");
        }
        Factory.Sources.ShouldBeEmpty("nobody knows whether it is paused");
    }

    private IActorRef Start()
    {
        var pipelines = Sys.ActorOf(PipelinesActor.Props(Factory, Clock, region: null), "pipelines");
        pipelines.Tell(new StartPipeline(Pipeline), TestActor);
        ExpectMsg<PipelineStarted>(Soon);
        return pipelines;
    }

    private void EndsAndIsMadeAnew(IActorRef pipelines, int least, int most)
    {
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        End();
        AwaitAssert(() => Only(pipelines).Reason.ShouldNotBeNull().ShouldContain("made anew"), Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
        Only(pipelines);
        Factory.Sources.Count.ShouldBe(_runs, $"before {least} ms");
        Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
        _runs++;
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(_runs), Soon);
    }

    private void End() => Sys.Stop(Sys.ActorSelection("/user/pipelines/shop").ResolveOne(Soon).GetAwaiter().GetResult());

    private static PipelineStatus Only(IActorRef pipelines) =>
        pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon).GetAwaiter().GetResult().Pipelines.ShouldHaveSingleItem();

    /// <summary>Keeps the pipeline's actor in the middle of a message.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _held = new();

        public Hold(PipelinesSupervisionSpecs specs)
        {
            using var holds = new ManualResetEventSlim();
            specs.Factory.Creating = () =>
            {
                specs.Factory.Creating = () => { };
                holds.Set();
                _held.Wait(Soon);
            };
            specs.Sys.ActorSelection("/user/pipelines/shop").Tell(new RestartPipeline("shop"), ActorRefs.Nobody);
            if (!holds.Wait(Soon)) throw new TimeoutException("the pipeline's actor did not come to make its source");
        }

        public void Dispose() => _held.Set();
    }
}
