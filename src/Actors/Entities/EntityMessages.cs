using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>A message for the entity actor of one bucket.</summary>
public interface IEntityMessage
{
    int Bucket { get; }
}

/// <summary>The changes of one batch that belong to the bucket, in order: indexes into the batch's entries. Whole cuts only.</summary>
/// <param name="UnknownUpTo">Changes up to here may be in the graph already (a replay after a crash in parallel mode).</param>
public sealed record EntitySlice(int Bucket, ChangeBatch Batch, int[] Indexes, int Count, Position UnknownUpTo) : IEntityMessage;

/// <summary>Hand over the net effects of everything received so far. Answered with <see cref="Drained"/> to the sender's writers.</summary>
public sealed record Drain(int Bucket, long DrainId, Akka.Actor.IActorRef ReplyTo) : IEntityMessage;

public sealed record Drained(int Bucket, long DrainId, List<RowOperation> Operations);
