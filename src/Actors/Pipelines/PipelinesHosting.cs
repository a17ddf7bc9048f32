using Akka.Actor;
using Akka.Hosting;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Puts the pipelines into a host's actor system.</summary>
public static class PipelinesHosting
{
    /// <summary>Starts <see cref="PipelinesActor"/> as <c>/user/pipelines</c>, registers it, and drains it first when the system shuts down.</summary>
    public static AkkaConfigurationBuilder WithPipelines(this AkkaConfigurationBuilder builder, IPipelineFactory factory, TimeProvider clock) =>
        builder.WithActors((system, registry) =>
        {
            var pipelines = system.ActorOf(PipelinesActor.Props(factory, clock), "pipelines");
            registry.Register<PipelinesActor>(pipelines);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain-pipelines", async () =>
            {
                await pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, TimeSpan.FromSeconds(28));
                return Akka.Done.Instance;
            });
        });
}
