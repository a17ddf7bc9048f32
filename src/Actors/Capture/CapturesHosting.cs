using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>Puts captures into a host's actor system.</summary>
public static class CapturesHosting
{
    /// <summary>Starts <see cref="CapturesActor"/> as <c>/user/captures</c>, registers it, and drains it when the system shuts down.</summary>
    /// <param name="create">Makes a pipeline's capture.</param>
    public static AkkaConfigurationBuilder WithCaptures(this AkkaConfigurationBuilder builder, Func<PipelineSettings, ICapture> create, TimeProvider clock) => builder
        .WithActors((system, registry) =>
        {
            var captures = system.ActorOf(CapturesActor.Props(create, clock), "captures");
            registry.Register<CapturesActor>(captures);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain-captures", async () =>
            {
                await captures.Ask<PipelinesStopped>(StopPipelines.Instance, TimeSpan.FromSeconds(28));
                return Akka.Done.Instance;
            });
        });
}
