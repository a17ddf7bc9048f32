using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>Puts the incident log into a host's actor system.</summary>
public static class IncidentsHosting
{
    /// <summary>Starts <see cref="IncidentsActor"/> as <c>/user/incidents</c>, before whatever has incidents, and has it store what waits once pipelines and captures have drained.</summary>
    /// <param name="create">Makes a pipeline's store.</param>
    public static AkkaConfigurationBuilder WithIncidents(this AkkaConfigurationBuilder builder, Func<PipelineSettings, IIncidentStore> create, TimeProvider clock) => builder
        .WithActors((system, registry) =>
        {
            var incidents = system.ActorOf(IncidentsActor.Props(create, clock), "incidents");
            registry.Register<IncidentsActor>(incidents);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceUnbind, "store-incidents", async () =>
            {
                await incidents.Ask<IncidentsStored>(StoreIncidents.Instance, TimeSpan.FromSeconds(4));
                return Akka.Done.Instance;
            });
        });
}
