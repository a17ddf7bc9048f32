using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace StandIns.Tests.Core;

public sealed class ShutdownSpecs
{
    private static ActorSystem NewSystem(string more = "") =>
        ActorSystem.Create("shutdown", ConfigurationFactory.ParseString($"akka.loglevel = ERROR, akka.stdout-loglevel = OFF, akka.loggers = [] {more}"));

    private sealed class Why : CoordinatedShutdown.Reason
    {
        public static readonly Why Instance = new();
    }

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies()
    {
        var system = NewSystem();
        var order = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[] { CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceStop })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                order.Enqueue(phase);
                return Task.FromResult(Done.Instance);
            });
        }
        await shutdown.Run(Why.Instance).WaitAsync(Eventually.Bound);
        order.ShouldBe([CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeActorSystemTerminate]);
        shutdown.ShutdownReason.ShouldBe(Why.Instance);
        await system.WhenTerminated.WaitAsync(Eventually.Bound);
    }

    [Fact]
    public async Task Terminate_runs_the_phases_once()
    {
        var system = NewSystem();
        var count = 0;
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            Interlocked.Increment(ref count);
            return Task.FromResult(Done.Instance);
        });
        await Task.WhenAll(system.Terminate(), system.Terminate()).WaitAsync(Eventually.Bound);
        count.ShouldBe(1);
        CoordinatedShutdown.Get(system).ShutdownReason.ShouldBe(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    [Fact]
    public async Task A_phase_that_takes_too_long_or_fails_does_not_hold_the_rest()
    {
        var system = NewSystem(", akka.coordinated-shutdown.phases.service-unbind.timeout = 50ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind).ShouldBe(TimeSpan.FromMilliseconds(50));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => Task.FromException<Done>(new InvalidOperationException()));
        await shutdown.Run(Why.Instance).WaitAsync(Eventually.Bound);
        await system.WhenTerminated.WaitAsync(Eventually.Bound);
    }

    [Fact]
    public async Task A_phase_of_the_settings_can_be_used()
    {
        var system = NewSystem("""
            , akka.coordinated-shutdown.phases {
              drain { depends-on = [service-stop] }
              before-cluster-shutdown { depends-on = [drain] }
            }
            """);
        var ran = false;
        CoordinatedShutdown.Get(system).AddTask("drain", "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Eventually.Bound);
        ran.ShouldBeTrue();
        Should.Throw<ConfigurationException>(() => CoordinatedShutdown.Get(system).AddTask("nowhere", "note", () => Task.FromResult(Done.Instance)));
    }

    [Fact]
    public async Task The_end_stops_all_actors_and_runs_the_callbacks()
    {
        var system = NewSystem();
        var called = new TaskCompletionSource();
        system.RegisterOnTermination(called.SetResult);
        var actor = system.ActorOf(FunActor.Props(ActorRefs.Nobody));
        var gone = actor.WatchAsync();
        await system.Terminate().WaitAsync(Eventually.Bound);
        (await gone).ShouldBeTrue();
        await called.Task.WaitAsync(Eventually.Bound);
        Should.Throw<InvalidOperationException>(() => system.ActorOf(FunActor.Props(ActorRefs.Nobody)));
    }
}
