using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// A shard lives on the node that asked for it first, which is the node of the source that feeds it, and never moves: slices refer to pooled buffers of that process.
/// A pipeline that goes to another node starts a new run there, and with it a new shard.
/// </summary>
public sealed class SourceSideAllocation : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) => Task.FromResult(requester);

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
}
