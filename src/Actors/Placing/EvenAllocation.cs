using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Placing;

/// <summary>Asks <see cref="Placement"/> where a shard, which is one pipeline, goes. While some are on their way nothing else is moved.</summary>
/// <param name="isWanted">Whether a pipeline is to run: the shard of one that was removed stays where it was, empty, and weighs nothing.</param>
public sealed class EvenAllocation(Func<string, bool> isWanted) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(Placement.Choose(currentShardAllocations.Select(Of), requester));

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(rebalanceInProgress.Count > 0 ? ImmutableHashSet<string>.Empty : [.. Placement.Moves([.. currentShardAllocations.Select(Of)])]);

    private Placed<IActorRef> Of(KeyValuePair<IActorRef, IImmutableList<string>> node) => new(node.Key, [.. node.Value.Where(isWanted)]);
}
