using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Marks messages of sharding itself.</summary>
public interface IClusterShardingSerializable
{
}

/// <summary>A command to a shard region or shard.</summary>
public interface IShardRegionCommand
{
}

/// <summary>A question to a shard region.</summary>
public interface IShardRegionQuery
{
}

/// <summary>A message with the id of the entity it is for.</summary>
public sealed class ShardingEnvelope : IClusterShardingSerializable, IWrappedMessage, IEquatable<ShardingEnvelope>
{
    public ShardingEnvelope(string entityId, object message) => (EntityId, Message) = (entityId, message);

    public string EntityId { get; }

    public object Message { get; }

    public bool Equals(ShardingEnvelope? other) => other != null && EntityId == other.EntityId && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as ShardingEnvelope);

    public override int GetHashCode() => HashCode.Combine(EntityId, Message);

    public override string ToString() => $"ShardingEnvelope({EntityId}, {Message})";
}

/// <summary>Sent by an entity to its parent: please stop me with this message; what comes meanwhile is kept for my next incarnation.</summary>
public sealed class Passivate : IShardRegionCommand
{
    public Passivate(object stopMessage) => StopMessage = stopMessage;

    public object StopMessage { get; }
}

/// <summary>Stops all entities with the hand-off message, then the region.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown() { }
}

/// <summary>Asks for <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState() { }

    public override string ToString() => "GetShardRegionState";
}

/// <summary>Asks for <see cref="ShardRegionStats"/>.</summary>
public sealed class GetShardRegionStats : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats() { }

    public override string ToString() => "GetShardRegionStats";
}

/// <summary>The shards of a region and the entities that are active in each.</summary>
public sealed class CurrentShardRegionState : IClusterShardingSerializable, IEquatable<CurrentShardRegionState>
{
    public readonly IImmutableSet<string> Failed;
    public readonly IImmutableSet<ShardState> Shards;

    public CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed) => (Shards, Failed) = (shards, failed);

    public bool Equals(CurrentShardRegionState? other) => other != null && Shards.SetEquals(other.Shards) && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => Equals(obj as CurrentShardRegionState);

    public override int GetHashCode() => HashCode.Combine(Shards.Count, Failed.Count);

    public override string ToString() => $"CurrentShardRegionState(shards:{string.Join(", ", Shards)})";
}

/// <summary>The active entities of a shard.</summary>
public sealed class ShardState : IClusterShardingSerializable, IEquatable<ShardState>
{
    public readonly IImmutableSet<string> EntityIds;
    public readonly string ShardId;

    public ShardState(string shardId, IImmutableSet<string> entityIds) => (ShardId, EntityIds) = (shardId, entityIds);

    public bool Equals(ShardState? other) => other != null && ShardId == other.ShardId && EntityIds.SetEquals(other.EntityIds);

    public override bool Equals(object? obj) => Equals(obj as ShardState);

    public override int GetHashCode() => ShardId.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"ShardState(shardId={ShardId}, entityIds={string.Join(", ", EntityIds)})";
}

/// <summary>How many entities each shard of a region has active.</summary>
public sealed class ShardRegionStats : IClusterShardingSerializable, IEquatable<ShardRegionStats>
{
    public readonly IImmutableSet<string> Failed;
    public readonly IImmutableDictionary<string, int> Stats;

    public ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed) => (Stats, Failed) = (stats, failed);

    public bool Equals(ShardRegionStats? other)
        => other != null && Stats.Count == other.Stats.Count && Stats.All(one => other.Stats.TryGetValue(one.Key, out var n) && n == one.Value)
           && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => Equals(obj as ShardRegionStats);

    public override int GetHashCode() => HashCode.Combine(Stats.Count, Failed.Count);

    public override string ToString() => $"ShardRegionStats[stats={string.Join(", ", Stats.Select(one => $"({one.Key}:{one.Value})"))}]";
}
