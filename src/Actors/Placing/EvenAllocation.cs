using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Placing;

/// <summary>Asks <see cref="Placement"/> where a shard, which is one pipeline, goes. While some are on their way nothing else is moved.</summary>
public sealed class EvenAllocation : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(Placement.Choose(currentShardAllocations.Select(Of), requester));

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(rebalanceInProgress.Count > 0 ? ImmutableHashSet<string>.Empty : [.. Placement.Moves([.. currentShardAllocations.Select(Of)])]);

    private static Placed<IActorRef> Of(KeyValuePair<IActorRef, IImmutableList<string>> node) => new(node.Key, node.Value);
}
