using Akka.Actor;
using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Entities;

/// <summary>The shard region of the entity actors, <c>/system/sharding/entities</c>, on a node that is part of a cluster.</summary>
public static class EntitySharding
{
    public const string TypeName = "entities";

    /// <summary>True where the system is part of a cluster (<c>akka.actor.provider = cluster</c>), of one node at least.</summary>
    public static bool IsClustered(ActorSystem system) =>
        string.Equals(system.Settings.Config.GetString("akka.actor.provider"), "cluster", StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts the region; where no seed node is configured, the node joins itself: a cluster of one.</summary>
    public static Task<IActorRef> StartAsync(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (system.Settings.Config.GetStringList("akka.cluster.seed-nodes").Count == 0) cluster.Join(cluster.SelfAddress);
        var sharding = ClusterSharding.Get(system);
        // An idle entity may hold rows that the writers have no use for yet, and a remembered one would hold none of those it was made for.
        var settings = ClusterShardingSettings.Create(system).WithRememberEntities(false).WithPassivateIdleAfter(TimeSpan.Zero);
        return sharding.StartAsync(TypeName, EntityActor.Props(), settings, new EntityExtractor(), new SourceSideAllocation(), PoisonPill.Instance);
    }
}
