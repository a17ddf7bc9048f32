using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Placing;

/// <summary>Puts pipelines that a cluster shares out into a host's actor system.</summary>
public static class PlacingHosting
{
    public const string TypeName = "pipelines";

    /// <summary>
    /// Starts the shard regions of entities and of pipelines, and <see cref="PlacedPipelinesActor"/> as <c>/user/pipelines</c> under the key of <see cref="PipelinesActor"/>. When the system shuts down what runs
    /// here is handed over first. The cluster and the journal, which has to be the same for all its nodes, are whatever the configuration says.
    /// </summary>
    /// <param name="members">So many are there before this node has the first pipelines placed. Akka's own <c>min-nr-of-members</c> is no good for that: a coordinator that takes over wants as many anew, and places nothing.</param>
    /// <param name="create">Makes a pipeline's embedded capture.</param>
    public static AkkaConfigurationBuilder WithPlacedPipelines(
        this AkkaConfigurationBuilder builder, PipelineBook book, int members, IPipelineFactory factory, Func<PipelineSettings, ICapture> create, TimeProvider clock) => builder
        .WithLifeEvents()
        .WithCustomSerializer("polysync-placing", PlacingSerializer.Travelling, system => new PlacingSerializer(system))
        .WithActors(async (system, registry) =>
        {
            var entities = await EntitySharding.StartAsync(system);
            var cluster = Akka.Cluster.Cluster.Get(system);
            var parts = new PlacedParts(NameOf(cluster.SelfAddress), book, () => PipelinesActor.Props(factory, clock, entities, isPlaced: true), () => CapturesActor.Props(create, clock));
            var region = await StartAsync(system, parts);
            var pipelines = system.ActorOf(PlacedPipelinesActor.Props(book, region, () => cluster.SelfMember.Status, () => cluster.State.Members.Count(m => m.Status == MemberStatus.Up) >= members, clock), "pipelines");
            registry.Register<PipelinesActor>(pipelines);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "hand-pipelines-over", async () =>
            {
                await pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, TimeSpan.FromSeconds(29));
                return Akka.Done.Instance;
            });
        });

    /// <summary>Starts the region of pipelines, <c>/system/sharding/pipelines</c>.</summary>
    public static Task<IActorRef> StartAsync(ActorSystem system, PlacedParts parts)
    {
        var sharding = ClusterSharding.Get(system);
        // what is to run is said by the nodes' books, again and again
        var settings = ClusterShardingSettings.Create(system).WithRememberEntities(false).WithPassivateIdleAfter(TimeSpan.Zero);
        return sharding.StartAsync(TypeName, name => PlacedPipelineActor.Props(name, parts), settings, new PipelineExtractor(), new EvenAllocation(name => parts.Book.Find(name) is { IsRemoved: false }), StopPipelines.Instance);
    }

    /// <summary>A node's name for people: where others reach it.</summary>
    public static string NameOf(Address address) => address is { Host: { } host, Port: { } port } ? $"{host}:{port}" : "this node";
}
