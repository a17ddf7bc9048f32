using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;

namespace Akka.Cluster.Hosting;

/// <summary>What a node is in its cluster.</summary>
public sealed class ClusterOptions
{
    public bool? LogInfo { get; set; }

    public int? MinimumNumberOfMembers { get; set; }

    public string[]? Roles { get; set; }

    /// <summary>This one node itself; that there are others is refused.</summary>
    public string[]? SeedNodes { get; set; }

    /// <summary>Kept and never asked: one node does not split.</summary>
    public SplitBrainResolverOption? SplitBrainResolver { get; set; }
}

/// <summary>How the entities of a region live; what is not set comes from <c>akka.cluster.sharding</c>.</summary>
public sealed class ShardOptions
{
    /// <summary>What entities are told when the node shuts down or they are idle; a <see cref="Akka.Actor.PoisonPill"/> if not set.</summary>
    public object? HandOffStopMessage { get; set; }

    public TimeSpan? PassivateIdleEntityAfter { get; set; }

    public bool? RememberEntities { get; set; }

    public RememberEntitiesStore? RememberEntitiesStore { get; set; }

    public string? Role { get; set; }

    public bool? ShouldPassivateIdleEntities { get; set; }

    public StateStoreMode? StateStoreMode { get; set; }

    internal ClusterShardingSettings Apply(ClusterShardingSettings settings)
    {
        if (Role != null)
            settings = settings.WithRole(Role);
        if (RememberEntities is { } remember)
            settings = settings.WithRememberEntities(remember);
        if (StateStoreMode is { } mode)
            settings = settings.WithStateStoreMode(mode);
        if (PassivateIdleEntityAfter is { } after)
            settings = settings.WithPassivateIdleAfter(after);
        if (ShouldPassivateIdleEntities == false)
            settings = settings.WithPassivateIdleAfter(TimeSpan.Zero);
        return settings;
    }
}
