namespace PolyglotSync.Contracts;

/// <summary>One partition of a topic: a sequence of changes of its own, with an order within and none to any other.</summary>
/// <param name="Source">The topic's name.</param>
/// <param name="Partition">0 and up.</param>
public readonly record struct SourcePartition(string Source, int Partition) : IComparable<SourcePartition>
{
    /// <summary><c>topic/partition</c>; no topic's name holds a slash.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Source}/{Partition}");

    public int CompareTo(SourcePartition other)
    {
        var bySource = string.CompareOrdinal(Source, other.Source);
        return bySource != 0 ? bySource : Partition.CompareTo(other.Partition);
    }
}
