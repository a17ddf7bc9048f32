using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>What a run goes on with, and whose that was before: for the log and the incidents. Null where nobody else had it.</summary>
/// <param name="What">For people.</param>
/// <param name="IsFromOther">True where another node had some of it.</param>
internal sealed record TakeOver(string What, bool IsFromOther)
{
    /// <param name="before">The pipeline's state before the claim.</param>
    /// <param name="claimed">After it.</param>
    /// <param name="partitions">All that the graph knew before the claim.</param>
    public static TakeOver? Of(TargetState? before, TargetState claimed, IReadOnlyList<PartitionState> partitions)
    {
        if (claimed.Order == ChangeOrder.Whole)
            return before?.Node is { } other && claimed.Node is { } me && other != me ? new TakeOver($"it goes on here; {other} had it before", IsFromOther: true) : null;
        var owners = partitions.ToDictionary(p => p.Partition, p => p.Node);
        var others = claimed.Partitions.Where(p => owners.GetValueOrDefault(p.Partition) is { } owner && owner != p.Node).GroupBy(p => owners[p.Partition]!)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} that {g.Key} had").ToList();
        var count = $"{claimed.Partitions.Count} partition{(claimed.Partitions.Count == 1 ? "" : "s")}";
        return new TakeOver($"it goes on here with {count}{(others.Count == 0 ? "" : $", {string.Join(" and ", others)} among them")}", others.Count > 0);
    }
}
