using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Hosting;

public sealed class FailureWatchSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("failures");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Each_pipeline_that_needs_a_person_is_told_once_and_nothing_else()
    {
        var told = new List<string>();
        var watch = await WatchAsync(failed => told.Add(failed.Failure.Message));
        _system.EventStream.Publish("something else");
        _system.EventStream.Publish(Failed("the slot is gone"));
        _system.EventStream.Publish(Failed("no such database"));
        await HeardAsync(watch);

        told.ShouldBe(["the slot is gone", "no such database"]);
    }

    [Fact]
    public async Task One_whose_listener_fails_hears_the_next_all_the_same()
    {
        var told = new List<string>();
        var watch = await WatchAsync(failed =>
        {
            told.Add(failed.Failure.Message);
            if (told.Count == 1) throw new InvalidOperationException("a bug");
        });
        _system.EventStream.Publish(Failed("first"));
        await HeardAsync(watch);
        _system.EventStream.Publish(Failed("second"));
        await HeardAsync(watch);

        told.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task One_that_was_ended_hears_nothing_more()
    {
        var told = new List<string>();
        var watch = await WatchAsync(failed => told.Add(failed.Failure.Message));
        (await watch.GracefulStop(Soon)).ShouldBeTrue();
        _system.EventStream.Publish(Failed("late"));
        told.ShouldBeEmpty();
    }

    private async Task<IActorRef> WatchAsync(Action<PipelineFailed> onFailed)
    {
        var watch = _system.ActorOf(FailureWatch.Props(onFailed));
        await HeardAsync(watch);
        return watch;
    }

    /// <summary>It has heard what was published before once it answers.</summary>
    private static Task HeardAsync(IActorRef watch) => watch.Ask<ActorIdentity>(new Identify(0), Soon);

    private static PipelineFailed Failed(string why) => new("shop", new PipelineFailure(FailureClass.Fatal, why));
}
