using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class PipelinesActorSpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    [Fact]
    public async Task Each_pipeline_is_a_child_of_its_name_and_all_answer_for_their_status()
    {
        var pipelines = await StartAsync("shop", "social");

        Sys.ActorSelection("/user/pipelines/social").Tell(AskStatus.Instance, TestActor);
        ExpectMsg<PipelineStatus>().Name.ShouldBe("social");
        (await pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.Select(p => p.Name).ShouldBe(["shop", "social"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_pipeline_whose_actor_ends_is_made_anew_after_a_pause_and_goes_on()
    {
        var pipelines = await StartAsync("shop");
        var first = Factory.Source;
        var child = await Sys.ActorSelection("/user/pipelines/shop").ResolveOne(Soon);

        Sys.Stop(child);
        AwaitCondition(() => first.IsDisposed, Soon);
        AwaitAssert(() => Status(pipelines).Reason.ShouldNotBeNull().ShouldContain("made anew"), Soon);
        Factory.Sources.Count.ShouldBe(1);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
    }

    [Fact]
    public async Task A_bug_in_a_pipelines_own_actor_is_a_restart_too()
    {
        var pipelines = await StartAsync("shop");

        // A message that its handler cannot take.
        Sys.ActorSelection("/user/pipelines/shop").Tell(new PolyglotSync.Actors.Source.ReachedCut(default, null!, 1, 0));
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromMilliseconds(100));
            Factory.Sources.Count.ShouldBe(2);
        }, Soon);

        AwaitAssert(() => Status(pipelines).Reason.ShouldBeNull(), Soon);
    }

    [Fact]
    public async Task A_pipeline_that_does_not_run_here_is_said_by_name()
    {
        var pipelines = await StartAsync("shop");
        foreach (var question in new object[] { new PausePipeline("shp", null), new ResumePipeline("shp"), new WaitForWatermark("shp", null, Soon) })
        {
            (await Should.ThrowAsync<KeyNotFoundException>(pipelines.Ask<PipelineStatus>(question, Soon))).Message.ShouldContain("'shp'");
        }
    }

    [Fact]
    public async Task Stopping_stops_all()
    {
        var pipelines = await StartAsync("shop", "social");

        await pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, Soon);

        (await pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldAllBe(p => p.State == PipelineState.Stopped);
    }

    [Fact]
    public async Task A_replaced_pipeline_is_drained_and_goes_on_with_its_new_settings_from_the_position_in_the_target()
    {
        var pipelines = await StartAsync("shop");
        var first = Factory.Source;
        AwaitCondition(() => !first.Opened.IsEmpty, Soon);
        first.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => first.Acknowledged.ShouldBe(new Lsn(108)), Soon);

        (await pipelines.Ask<PipelineReplaced>(new ReplacePipeline(Settings.Of("shop", consistency: Consistency.Parallel)), Soon)).Pipeline.ShouldBe("shop");

        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        AwaitAssert(() => Factory.Source.Opened.ShouldBe([Position.EndOf(new Lsn(100))]), Soon);
        first.IsDisposed.ShouldBeTrue();
        Status(pipelines).Consistency.ShouldBe(Consistency.Parallel);
    }

    [Fact]
    public async Task A_pipeline_that_is_not_there_is_started_in_the_place_of_being_replaced()
    {
        var pipelines = await StartAsync();
        await pipelines.Ask<PipelineReplaced>(new ReplacePipeline(Settings.Of("shop")), Soon);
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(1), Soon);
        Status(pipelines).Name.ShouldBe("shop");
    }

    [Fact]
    public async Task A_paused_pipeline_that_is_replaced_stays_paused()
    {
        var pipelines = await StartAsync("shop");
        await pipelines.Ask<PipelineStatus>(new PausePipeline("shop", "night"), Soon);
        await pipelines.Ask<PipelineReplaced>(new ReplacePipeline(Settings.Of("shop")), Soon);
        AwaitAssert(() => (Status(pipelines).State, Status(pipelines).Reason).ShouldBe((PipelineState.Paused, "night")), Soon);
        Factory.Sources.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_removed_pipeline_is_drained_and_gone_and_the_others_go_on()
    {
        var pipelines = await StartAsync("shop", "social");
        var (first, other) = (Factory.Sources[0], Factory.Sources[1]);

        (await pipelines.Ask<PipelineRemoved>(new RemovePipeline("shop"), Soon)).Pipeline.ShouldBe("shop");

        AwaitCondition(() => first.IsDisposed, Soon);
        other.IsDisposed.ShouldBeFalse();
        (await pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldHaveSingleItem().Name.ShouldBe("social");
        await Should.ThrowAsync<KeyNotFoundException>(pipelines.Ask<PipelineStatus>(new PausePipeline("shop", null), Soon));
        await Should.ThrowAsync<KeyNotFoundException>(pipelines.Ask<PipelineRemoved>(new RemovePipeline("shop"), Soon));
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Factory.Sources.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_started_under_the_name_of_a_removed_one_is_not_paused_as_that_was()
    {
        var pipelines = await StartAsync("shop");
        await pipelines.Ask<PipelineStatus>(new PausePipeline("shop", "night"), Soon);
        await pipelines.Ask<PipelineRemoved>(new RemovePipeline("shop"), Soon);

        (await pipelines.Ask<PipelineStarted>(new StartPipeline(Settings.Of("shop")), Soon)).IsPaused.ShouldBeFalse();
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
    }

    [Fact]
    public async Task One_that_is_between_two_lives_can_be_replaced_and_removed()
    {
        var pipelines = await StartAsync("shop");
        foreach (var change in new object[] { new ReplacePipeline(Settings.Of("shop")), new RemovePipeline("shop") })
        {
            Sys.Stop(await Sys.ActorSelection("/user/pipelines/shop").ResolveOne(Soon));
            AwaitAssert(() => Status(pipelines).Reason.ShouldNotBeNull().ShouldContain("made anew"), Soon);
            pipelines.Tell(change, TestActor);
            if (change is ReplacePipeline) ExpectMsg<PipelineReplaced>(Soon);
            else ExpectMsg<PipelineRemoved>(Soon);
        }
        (await pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_one_is_being_changed_other_changes_of_it_are_refused()
    {
        var pipelines = await StartAsync("shop");
        var held = new TaskCompletionSource();
        Factory.Target.Before = _ => held.Task;
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Status(pipelines).RowsInFlight.ShouldBe(1), Soon);

        pipelines.Tell(new ReplacePipeline(Settings.Of("shop")), TestActor);
        foreach (var change in new object[] { new ReplacePipeline(Settings.Of("shop")), new RemovePipeline("shop"), new RestartPipeline("shop") })
            (await Should.ThrowAsync<InvalidOperationException>(pipelines.Ask<PipelineStatus>(change, Soon))).Message.ShouldContain("being changed");
        ExpectNoMsg(TimeSpan.Zero);
        held.SetResult();

        ExpectMsg<PipelineReplaced>(Soon);
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
    }

    [Fact]
    public async Task One_that_is_still_starting_when_it_is_removed_leaves_nothing_open()
    {
        Factory.Describing = () => new TaskCompletionSource().Task;
        var pipelines = Sys.ActorOf(PipelinesActor.Props(Factory, Clock, region: null), "pipelines");
        pipelines.Tell(new StartPipeline(Settings.Of("shop")));
        AwaitCondition(() => Factory.Sources.Count == 1, Soon);

        await pipelines.Ask<PipelineRemoved>(new RemovePipeline("shop"), Soon);

        Factory.Source.IsDisposed.ShouldBeTrue();
        Factory.Source.Opened.ShouldBeEmpty();
    }

    private async Task<IActorRef> StartAsync(params string[] names)
    {
        var pipelines = Sys.ActorOf(PipelinesActor.Props(Factory, Clock, region: null), "pipelines");
        foreach (var name in names) await pipelines.Ask<PipelineStarted>(new StartPipeline(Settings.Of(name)), Soon);
        return pipelines;
    }

    private static new PipelineStatus Status(IActorRef pipelines) =>
        pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon).GetAwaiter().GetResult().Pipelines.ShouldHaveSingleItem();
}
