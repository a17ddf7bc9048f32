namespace PolyglotSync.Contracts;

/// <summary>How far a partition was read.</summary>
/// <param name="Offset">Of the next message.</param>
public readonly record struct PartitionOffset(SourcePartition Partition, long Offset);
