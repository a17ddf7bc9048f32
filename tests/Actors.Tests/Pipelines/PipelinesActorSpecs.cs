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

    private async Task<IActorRef> StartAsync(params string[] names)
    {
        var pipelines = Sys.ActorOf(PipelinesActor.Props(Factory, TimeProvider.System, region: null), "pipelines");
        foreach (var name in names) await pipelines.Ask<PipelineStarted>(new StartPipeline(Settings.Of(name)), Soon);
        return pipelines;
    }

    private static new PipelineStatus Status(IActorRef pipelines) =>
        pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon).GetAwaiter().GetResult().Pipelines.ShouldHaveSingleItem();
}
