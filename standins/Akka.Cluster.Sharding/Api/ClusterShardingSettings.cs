using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Where the real sharding keeps its own state; a single node keeps it in memory.</summary>
public enum StateStoreMode
{
    Persistence = 0,
    DData = 1,
    Custom = 2,
}

/// <inheritdoc cref="StateStoreMode"/>
public enum RememberEntitiesStore
{
    DData = 0,
    Eventsourced = 1,
    Custom = 2,
}

/// <summary>
/// Settings of a shard region, from <c>akka.cluster.sharding</c>. Remembered entities are started again while the system runs, not after it.
/// </summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
    public readonly TimeSpan PassivateIdleEntityAfter;
    public readonly bool RememberEntities;
    public readonly string Role;
    public readonly TimeSpan ShardRegionQueryTimeout;
    public readonly StateStoreMode StateStoreMode;

    internal readonly int BufferSize;
    internal readonly TimeSpan EntityRestartBackoff;
    internal readonly TimeSpan HandOffTimeout;

    private ClusterShardingSettings(Config config, TimeSpan passivateAfter, bool rememberEntities, string role, StateStoreMode mode)
    {
        Config = config;
        PassivateIdleEntityAfter = passivateAfter;
        RememberEntities = rememberEntities;
        Role = role;
        StateStoreMode = mode;
        ShardRegionQueryTimeout = config.GetTimeSpan("shard-region-query-timeout", TimeSpan.FromSeconds(3));
        BufferSize = config.GetInt("buffer-size", 100_000);
        EntityRestartBackoff = config.GetTimeSpan("entity-restart-backoff", TimeSpan.FromSeconds(10));
        HandOffTimeout = config.GetTimeSpan("handoff-timeout", TimeSpan.FromSeconds(60));
    }

    /// <summary>Idle entities are passivated unless all are remembered.</summary>
    internal bool ShouldPassivateIdleEntities => PassivateIdleEntityAfter > TimeSpan.Zero && !RememberEntities;

    private Config Config { get; }

    /// <exception cref="ConfigurationException"><see cref="ClusterSharding.Get"/>, which brings the defaults, was not called yet.</exception>
    public static ClusterShardingSettings Create(ActorSystem system) => system.HasExtension<ClusterSharding>()
        ? Read(system)
        : throw new ConfigurationException("akka.cluster.sharding has no defaults yet: call ClusterSharding.Get first.");

    internal static ClusterShardingSettings Read(ActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding") ?? Config.Empty;
        var off = config.GetString("passivate-idle-entity-after", "120s") is var text && text.Equals("off", StringComparison.OrdinalIgnoreCase);
        return new ClusterShardingSettings(
            config,
            off ? TimeSpan.Zero : config.GetTimeSpan("passivate-idle-entity-after", TimeSpan.FromSeconds(120)),
            config.GetBoolean("remember-entities"),
            config.GetString("role", ""),
            Enum.Parse<StateStoreMode>(config.GetString("state-store-mode", "persistence"), ignoreCase: true));
    }

    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => new(Config, duration, RememberEntities, Role, StateStoreMode);

    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => new(Config, PassivateIdleEntityAfter, rememberEntities, Role, StateStoreMode);

    public ClusterShardingSettings WithRole(string role) => new(Config, PassivateIdleEntityAfter, RememberEntities, role, StateStoreMode);

    public ClusterShardingSettings WithStateStoreMode(StateStoreMode mode) => new(Config, PassivateIdleEntityAfter, RememberEntities, Role, mode);
}

/// <summary>How shards are spread over nodes; with one node there is nothing to decide.</summary>
public interface IShardAllocationStrategy : INoSerializationVerificationNeeded
{
    Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress);
}

/// <inheritdoc cref="IShardAllocationStrategy"/>
public static class ShardAllocationStrategy
{
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) => OneNode.Instance;

    internal sealed class OneNode : IShardAllocationStrategy
    {
        public static readonly OneNode Instance = new();

        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
            => Task.FromResult(requester);

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
            => Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
    }
}
