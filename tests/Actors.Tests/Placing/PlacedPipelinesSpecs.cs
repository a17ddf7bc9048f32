using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Placing;

/// <summary>The front on a node, against a region that the test plays.</summary>
public sealed class PlacedPipelinesSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private readonly PipelineBook _book = new();
    private MemberStatus _status = MemberStatus.Up;
    private bool _isComplete = true;

    [Fact]
    public void A_pipeline_that_is_started_is_kept_alive_again_and_again()
    {
        var (pipelines, region) = Made();
        pipelines.Tell(new StartPipeline(Settings.Of()));
        ShouldBeKept(region, "shop");

        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        ShouldBeKept(region, "shop");
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        ShouldBeKept(region, "shop");
    }

    [Fact]
    public void A_node_that_waits_to_be_let_in_places_nothing()
    {
        _status = MemberStatus.Joining;
        var (pipelines, region) = Made();
        pipelines.Tell(new StartPipeline(Settings.Of()));
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        pipelines.Tell(new PausePipeline("shop", null), TestActor);
        region.ExpectMsg<ShardingEnvelope>(Soon).Message.ShouldBe(new PausePipeline("shop", null));

        _status = MemberStatus.Up;
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        ShouldBeKept(region, "shop");
    }

    [Fact]
    public void The_first_pipelines_wait_for_as_many_nodes_as_were_said_and_those_of_nodes_that_go_do_not()
    {
        _isComplete = false;
        var (pipelines, region) = Made("shop");
        pipelines.Tell(new StartPipeline(Settings.Of("social")));
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        pipelines.Tell(GetPipelines.Instance, TestActor);
        ExpectMsg<PipelinesAnswer>(Soon).Pipelines.ShouldAllBe(p => p.Reason!.Contains("waits for the other nodes"));
        pipelines.Tell(new PausePipeline("shop", null), TestActor);
        ExpectMsg<Status.Failure>(Soon).Cause.ShouldBeOfType<InvalidOperationException>();
        region.HasMessages.ShouldBeFalse("a question alone would place what is asked");

        _isComplete = true;
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        ShouldBeKept(region, "shop");
        ShouldBeKept(region, "social");
        _isComplete = false;
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        ShouldBeKept(region, "shop");
    }

    [Fact]
    public void What_is_asked_goes_to_wherever_the_pipeline_runs_and_the_answer_comes_back()
    {
        var (pipelines, region) = Made("shop");
        pipelines.Tell(new PausePipeline("shop", "night"), TestActor);

        Next(region).Message.ShouldBe(new PausePipeline("shop", "night"));
        region.Reply(Status("shop") with { Node = "b:4053" });

        ExpectMsg<PipelineStatus>(Soon).Node.ShouldBe("b:4053");
    }

    [Fact]
    public void What_is_refused_on_another_node_is_refused_here()
    {
        var (pipelines, region) = Made("shop");
        pipelines.Tell(new ResumePipeline("shop"), TestActor);
        Next(region);
        region.Reply(new PipelineRefused("it is just being changed", IsUnknown: false));
        ExpectMsg<Status.Failure>(Soon).Cause.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("it is just being changed");
    }

    [Fact]
    public void What_no_node_was_given_is_said_by_name()
    {
        var (pipelines, _) = Made("shop");
        foreach (var question in new object[] { new PausePipeline("shp", null), new WaitForWatermark("shp", null, Soon), new RemovePipeline("shp"), new GetMapping("shp") })
        {
            pipelines.Tell(question, TestActor);
            ExpectMsg<Status.Failure>(Soon).Cause.ShouldBeOfType<KeyNotFoundException>().Message.ShouldContain("'shp'");
        }
    }

    [Fact]
    public void Status_is_of_all_pipelines_and_one_that_no_node_answers_for_says_so()
    {
        var (pipelines, region) = Made("shop", "social");
        pipelines.Tell(GetPipelines.Instance, TestActor);
        for (var i = 0; i < 2; i++)
        {
            if (Next(region) is { EntityId: "shop" }) region.Reply(new PipelinesAnswer([Status("shop") with { Node = "a:4053" }]));
            else region.Reply(new PipelinesAnswer([]));
        }

        var all = ExpectMsg<PipelinesAnswer>(Soon).Pipelines;
        all.Select(p => (p.Name, p.Node)).ShouldBe([("shop", "a:4053"), ("social", null)]);
        all[1].Reason.ShouldNotBeNull().ShouldContain("no node answers for it");
    }

    [Fact]
    public void A_pipeline_that_is_removed_is_kept_no_longer()
    {
        var (pipelines, region) = Made("shop");
        pipelines.Tell(new RemovePipeline("shop"), TestActor);
        Next(region).Message.ShouldBe(new RemovePipeline("shop"));
        region.Reply(new PipelineRemoved("shop"));

        ExpectMsg<PipelineRemoved>(Soon);
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        pipelines.Tell(GetPipelines.Instance, TestActor);
        ExpectMsg<PipelinesAnswer>(Soon).Pipelines.ShouldBeEmpty();
        region.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void A_node_that_leaves_hands_over_and_says_when_that_is_done()
    {
        var (pipelines, region) = Made("shop");
        pipelines.Tell(StopPipelines.Instance, TestActor);
        region.FishForMessage(m => m is GracefulShutdown, Soon);
        Scheduler.Advance(PlacedPipelinesActor.KeepEvery);
        region.HasMessages.ShouldBeFalse();

        Sys.Stop(region.Ref);
        ExpectMsg<PipelinesStopped>(Soon);
        pipelines.Tell(StopPipelines.Instance, TestActor);
        ExpectMsg<PipelinesStopped>(Soon);
    }

    [Fact]
    public void A_node_that_the_others_have_given_up_ends_what_runs_on_it_at_once()
    {
        var (pipelines, region) = Made("shop");
        Watch(region.Ref);
        _status = MemberStatus.Down;
        pipelines.Tell(StopPipelines.Instance, TestActor);
        ExpectTerminated(region.Ref, Soon);
        ExpectMsg<PipelinesStopped>(Soon);
    }

    private (IActorRef Pipelines, TestProbe Region) Made(params string[] names)
    {
        var region = CreateTestProbe();
        var pipelines = Sys.ActorOf(PlacedPipelinesActor.Props(_book, region.Ref, () => _status, () => _isComplete, TimeProvider.System));
        foreach (var name in names) _book.Put(Settings.Of(name));
        return (pipelines, region);
    }

    /// <summary>What is no reminder.</summary>
    private static ShardingEnvelope Next(TestProbe region) => (ShardingEnvelope)region.FishForMessage(m => m is ShardingEnvelope { Message: not KeepPipeline }, Soon);

    private static void ShouldBeKept(TestProbe region, string pipeline) => region.ExpectMsg<ShardingEnvelope>(Soon).ShouldBe(new ShardingEnvelope(pipeline, KeepPipeline.Instance));

    private static PipelineStatus Status(string name) => PipelineProgress.Silent(Settings.Of(name), "", DateTimeOffset.UnixEpoch);
}

/// <summary>One pipeline where the cluster placed it, on fakes.</summary>
public sealed class PlacedPipelineSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private readonly PipelineBook _book = new();

    private FakeFactory Factory { get; } = new();

    [Fact]
    public async Task It_runs_as_its_nodes_book_says_and_names_the_node()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        AwaitCondition(() => Factory.Sources.Count == 1 && !Factory.Source.Opened.IsEmpty, Soon);

        var status = (await pipeline.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldHaveSingleItem();
        (status.Name, status.Node).ShouldBe(("shop", "here:4053"));
        (await pipeline.Ask<PipelineStatus>(new PausePipeline("shop", "night"), Soon)).Node.ShouldBe("here:4053");
    }

    [Fact]
    public async Task What_its_node_was_not_given_waits_for_the_manifest()
    {
        var pipeline = Placed();
        (await pipeline.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldBeEmpty();
        (await pipeline.Ask<PipelineRefused>(RenewPipeline.Instance, Soon)).Message.ShouldContain("here:4053 was given no pipeline 'shop'");

        _book.Put(Settings.Of());
        pipeline.Tell(KeepPipeline.Instance);
        AwaitCondition(() => Factory.Sources.Count == 1, Soon);
    }

    [Fact]
    public async Task Other_settings_are_taken_with_the_next_reminder_after_what_is_in_flight_is_written()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        AwaitCondition(() => Factory.Sources.Count == 1 && !Factory.Source.Opened.IsEmpty, Soon);
        var first = Factory.Source;

        _book.Put(Settings.Of(consistency: Consistency.Parallel));
        pipeline.Tell(KeepPipeline.Instance);
        (await pipeline.Ask<PipelineReplaced>(RenewPipeline.Instance, Soon)).Pipeline.ShouldBe("shop");

        AwaitCondition(() => Factory.Sources.Count == 2, Soon);
        first.IsDisposed.ShouldBeTrue();
        pipeline.Tell(KeepPipeline.Instance);
        (await pipeline.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldHaveSingleItem().Consistency.ShouldBe(Consistency.Parallel);
        Factory.Sources.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_is_paused_stays_so_on_its_next_node_and_so_does_one_that_failed()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        await pipeline.Ask<PipelineStatus>(new PausePipeline("shop", "night"), Soon);
        var next = Moved(pipeline);
        await AwaitAssertAsync(async () => (await StatusAsync(next)).ShouldBe((PipelineState.Paused, "night")), Soon);

        Factory.Describing = () => throw new PipelineFailure(FailureClass.Fatal, "no rights");
        await next.Ask<PipelineStatus>(new ResumePipeline("shop"), Soon);
        await AwaitAssertAsync(async () => (await StatusAsync(next)).State.ShouldBe(PipelineState.Failed), Soon);
        var made = Factory.Sources.Count;
        Factory.Describing = () => Task.CompletedTask;
        var third = Moved(next);

        await AwaitAssertAsync(async () => (await StatusAsync(third)).ShouldBe((PipelineState.Failed, "no rights")), Soon);
        Factory.Sources.Count.ShouldBe(made);
    }

    [Fact]
    public async Task Who_is_overtaken_does_not_fail_for_it()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        AwaitCondition(() => Factory.Sources.Count == 1 && !Factory.Source.Opened.IsEmpty, Soon);
        Factory.Target.Before = _ => throw PipelineFailure.Fenced("shop", 1, "bolt://nowhere:7687");
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        await AwaitAssertAsync(async () => (await StatusAsync(pipeline)).State.ShouldBe(PipelineState.Degraded), Soon);
    }

    [Fact]
    public async Task One_that_is_removed_ends_and_what_comes_under_its_name_is_not_paused_as_that_was()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        await pipeline.Ask<PipelineStatus>(new PausePipeline("shop", "night"), Soon);
        Watch(pipeline);
        _book.Remove("shop");
        (await pipeline.Ask<PipelineRemoved>(new RemovePipeline("shop"), Soon)).Pipeline.ShouldBe("shop");
        ExpectTerminated(pipeline, Soon);

        _book.Put(Settings.Of());
        Placed();
        AwaitCondition(() => Factory.Sources.Count == 1, Soon);
    }

    [Fact]
    public void Where_another_node_heard_of_a_removal_this_one_ends_it_with_the_next_reminder()
    {
        _book.Put(Settings.Of());
        var pipeline = Placed();
        AwaitCondition(() => Factory.Sources.Count == 1 && !Factory.Source.Opened.IsEmpty, Soon);
        Watch(pipeline);
        _book.Remove("shop");
        pipeline.Tell(KeepPipeline.Instance);
        ExpectTerminated(pipeline, Soon);
        Factory.Source.IsDisposed.ShouldBeTrue();
    }

    private IActorRef Placed() => Sys.ActorOf(PlacedPipelineActor.Props("shop", Parts()));

    /// <summary>Told to move, it is drained and ends; the next node has the same journal.</summary>
    private IActorRef Moved(IActorRef pipeline)
    {
        Watch(pipeline);
        pipeline.Tell(StopPipelines.Instance);
        ExpectTerminated(pipeline, Soon);
        return Placed();
    }

    private static async Task<(PipelineState State, string? Reason)> StatusAsync(IActorRef pipeline)
    {
        var status = (await pipeline.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.ShouldHaveSingleItem();
        return (status.State, status.Reason);
    }

    private PlacedParts Parts() => new("here:4053", _book, () => PipelinesActor.Props(Factory, TimeProvider.System, region: null, isPlaced: true),
        () => CapturesActor.Props(_ => throw new NotSupportedException("nothing is captured here"), TimeProvider.System));
}

/// <summary>The same in a cluster of one, by the shard region.</summary>
public sealed class PlacedShardSpecs(ITestOutputHelper output) : ActorSpecs(output, """
    akka.actor.provider = cluster
    akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
    akka.cluster.sharding { state-store-mode = ddata, distributed-data.durable.keys = [] }
    """)
{
    [Fact]
    public async Task Each_pipeline_is_a_shard_of_its_own_and_is_handed_over_drained()
    {
        var (book, factory) = (new PipelineBook(), new FakeFactory());
        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        var region = await PlacingHosting.StartAsync(Sys, new PlacedParts("here:4053", book, () => PipelinesActor.Props(factory, TimeProvider.System, region: null, isPlaced: true),
            () => CapturesActor.Props(_ => throw new NotSupportedException("nothing is captured here"), TimeProvider.System)));
        var pipelines = Sys.ActorOf(PlacedPipelinesActor.Props(book, region, () => cluster.SelfMember.Status, () => true, TimeProvider.System), "pipelines");
        pipelines.Tell(new StartPipeline(Settings.Of("shop")));
        pipelines.Tell(new StartPipeline(Settings.Of("social")));

        await AwaitAssertAsync(async () => (await pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon)).Pipelines.Select(p => (p.Name, p.Node)).ShouldBe([("shop", "here:4053"), ("social", "here:4053")]), Soon);
        (await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Soon)).Shards.Select(s => s.ShardId).ShouldBe(["shop", "social"], ignoreOrder: true);
        // both write to the one graph of the fakes, and take it from one another
        AwaitCondition(() => factory.Sources.Count >= 2, Soon);

        await pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, Soon);

        AwaitAssert(() => factory.Sources.ShouldAllBe(s => s.IsDisposed), Soon);
    }
}
