using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.LifeCycle;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Puts the pipelines into a host's actor system.</summary>
public static class PipelinesHosting
{
    /// <summary>
    /// Starts <see cref="PipelinesActor"/> as <c>/user/pipelines</c>, registers it, and drains it first when the system shuts down. On a node of a cluster the entity actors live in
    /// a shard region, else below their pipeline. The journal is whatever the configuration says.
    /// </summary>
    public static AkkaConfigurationBuilder WithPipelines(this AkkaConfigurationBuilder builder, IPipelineFactory factory, TimeProvider clock) => builder
        .WithLifeEvents()
        .WithActors(async (system, registry) =>
        {
            var region = EntitySharding.IsClustered(system) ? await EntitySharding.StartAsync(system) : null;
            var pipelines = system.ActorOf(PipelinesActor.Props(factory, clock, region), "pipelines");
            registry.Register<PipelinesActor>(pipelines);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain-pipelines", async () =>
            {
                await pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, TimeSpan.FromSeconds(28));
                return Akka.Done.Instance;
            });
        });

    /// <summary>How what pipelines remember is written into the journal.</summary>
    internal static AkkaConfigurationBuilder WithLifeEvents(this AkkaConfigurationBuilder builder) =>
        builder.WithCustomSerializer("polysync-life-cycle", [typeof(LifeEvent)], system => new LifeEventSerializer(system));
}
