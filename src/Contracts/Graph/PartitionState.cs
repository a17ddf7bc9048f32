namespace PolyglotSync.Contracts;

/// <summary>What the target holds of one partition (<see cref="ChangeOrder.PerKey"/>), in a node <c>:__PolySync</c> of its own.</summary>
/// <param name="Offset">The offset of the first message that is not in the graph yet, so where reading goes on; <see cref="Nothing"/> where none was ever applied.</param>
/// <param name="Generation">Raised by each owner of the partition at its claim; 1 and up.</param>
public readonly record struct PartitionState(SourcePartition Partition, long Offset, long Generation)
{
    /// <summary>The offset of a partition of which nothing was applied: where to begin is the reader's choice.</summary>
    public const long Nothing = -1;

    /// <summary>Where it is among the changes that concern all partitions of its topic; <c>default</c> where it has come to none.</summary>
    public BarrierMark Mark { get; init; }

    /// <summary>Of the node that claimed it last; null where that gave no name.</summary>
    public string? Node { get; init; }
}

/// <summary>How far a write set brings one partition.</summary>
/// <param name="From">The offset that the graph holds: a set that comes late, or twice, meets another one and writes nothing.</param>
/// <param name="To">The offset after the last message whose change is in the set; equal to <paramref name="From"/> in a set that only has to be the owner's.</param>
/// <param name="Generation">As the partition was claimed.</param>
public readonly record struct PartitionMove(SourcePartition Partition, long From, long To, long Generation)
{
    /// <summary>The same ownership, without moving. (As a property it would be printed with the rest, without end.)</summary>
    public PartitionMove Held() => this with { To = From };
}
