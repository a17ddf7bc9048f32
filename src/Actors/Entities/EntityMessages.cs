using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// What the source actor sends to an entity, by way of the region. Numbered from 1 for each entity, so that an entity that lost something (it crashed, its shard
/// moved) notices with the next message. Never leaves the process: slices refer to pooled buffers, and the shard is kept on the source's node.
/// </summary>
public sealed record EntityEnvelope(EntityId Entity, long Number, object Message) : INoSerializationVerificationNeeded;

/// <summary>The changes of one batch that belong to the bucket, in order: indexes into the batch's entries. Whole cuts only.</summary>
/// <param name="UnknownUpTo">Changes up to here may be in the graph already (a replay after a crash in parallel mode).</param>
public sealed record EntitySlice(int Bucket, ChangeBatch Batch, int[] Indexes, int Count, Position UnknownUpTo) : INoSerializationVerificationNeeded;

/// <summary>Hand over the net effects of everything received so far: answered with <see cref="Drained"/> to the writers.</summary>
public sealed record Drain(long DrainId, IActorRef ReplyTo) : INoSerializationVerificationNeeded;

/// <param name="Operations">The receiver's: it releases them.</param>
public sealed record Drained(int Bucket, long DrainId, OperationBuffer Operations) : INoSerializationVerificationNeeded
{
    /// <summary>What coalescing them took since the last drain.</summary>
    public TimeSpan Took { get; init; }
}

/// <summary>To the source actor: the bucket does not hold all that was sent to it. The run cannot go on; the next one reads it again.</summary>
public sealed record EntityLost(string Entity, string Reason);
