using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>Source actor to writers: the buckets were asked to drain; collect so many answers and write them with this state.</summary>
/// <param name="State">What is recorded with the data; generation and intent are the writers' matter.</param>
/// <param name="Changes">Source changes in the span.</param>
/// <param name="CommitTimestamp">Of the newest transaction in the span, microseconds since 1970 UTC; 0 unknown.</param>
public sealed record DrainStarted(
    long DrainId, int Buckets, Cut Cut, CopyState Copy, IReadOnlyList<TableName> Truncated, IReadOnlyList<SchemaChange> SchemaChanges,
    int Changes, long CommitTimestamp, IActorRef Source) : INoSerializationVerificationNeeded
{
    /// <summary>What parting its batches by bucket took.</summary>
    public TimeSpan Routing { get; init; }

    /// <summary>Messages in the span that could not be read: kept as dead letters before the span is written.</summary>
    public IReadOnlyList<RefusedMessage> Refused { get; init; } = [];
}

/// <summary>Writers to source actor: the span is durable in the graph.</summary>
public sealed record Committed(long DrainId)
{
    /// <summary>Net effects that it came to; null where nobody says.</summary>
    public int? Operations { get; init; }
}

/// <summary>Source actor to its pipeline: the graph reflects everything up to the cut.</summary>
public sealed record ReachedCut(Cut Cut, CopyState Copy, int Changes, long CommitTimestamp) : INoSerializationVerificationNeeded;

/// <summary>To the source actor: stop reading, write what is whole, answer <see cref="Finished"/>.</summary>
public sealed record Finish
{
    public static readonly Finish Instance = new();
}

public sealed record Finished
{
    public static readonly Finished Instance = new();
}

/// <summary>A part of the pipeline met a failure it cannot ride out by itself.</summary>
public sealed record PartFailed(PipelineFailure Failure) : INoSerializationVerificationNeeded;

/// <summary>A part of the pipeline is riding out a transient failure; null when it is over.</summary>
public sealed record PartDegraded(string Part, string? Reason)
{
    /// <summary>From now on one write at a time is tried, nothing else.</summary>
    public bool OpensCircuit { get; init; }

    /// <summary>Another transaction stood in the way of a write, which is tried again: counted, and nothing more.</summary>
    public bool IsContention { get; init; }

    /// <summary>No trouble: another node of the consumer group does the work, or the nodes share it anew.</summary>
    public bool IsOvertaken { get; init; }
}

public sealed record GetLoad
{
    public static readonly GetLoad Instance = new();
}

/// <summary>Source changes and image bytes between capture and the graph's answer.</summary>
/// <param name="OldestCommit">When the oldest transaction among them was committed, microseconds since 1970 UTC; 0 where unknown or none.</param>
public sealed record SourceLoad(int Rows, long Bytes, long OldestCommit)
{
    public static readonly SourceLoad None = new(0, 0, 0);
}
