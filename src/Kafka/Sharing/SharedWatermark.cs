using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>What a graph that has a cut holds.</summary>
/// <param name="Copy">How far the first copy is.</param>
internal sealed record CutReached(Lsn Watermark, CopyState Copy)
{
    public static readonly CutReached Nothing = new(Lsn.Zero, CopyState.Empty);
}

/// <summary>
/// The watermark of a graph that several nodes write, each its partitions: that of the newest cut which all partitions have reached, whoever reads them. Not thread-safe; pure.
/// </summary>
/// <param name="topics">The pipeline's.</param>
internal sealed class SharedWatermark(IReadOnlyCollection<string> topics)
{
    private readonly List<(CutReached Cut, IReadOnlyDictionary<string, long[]> Offsets)> _cuts = [];

    /// <summary>That cut.</summary>
    public CutReached Reached { get; private set; } = CutReached.Nothing;

    /// <summary>This node has read up to a cut.</summary>
    public void Passed(CutStep step)
    {
        if (step.Next is not null || (_cuts.Count > 0 && _cuts[^1].Cut.Watermark == step.Cut.Watermark && CopyStates.Same(_cuts[^1].Cut.Copy, step.Copy) && Same(_cuts[^1].Offsets, step.Offsets))) return;
        _cuts.Add((new CutReached(step.Cut.Watermark, step.Copy), step.Offsets));
        _cuts.ThinOut();
    }

    /// <summary>Where all partitions stand in the graph.</summary>
    /// <returns>True where it is another cut than before.</returns>
    public bool Look(IEnumerable<PartitionState> states)
    {
        var offsets = states.ToDictionary(s => s.Partition, s => Math.Max(0, s.Offset));
        var reached = _cuts.FindLastIndex(cut => topics.All(topic => !cut.Offsets.TryGetValue(topic, out var ends)
            || Enumerable.Range(0, ends.Length).All(p => ends[p] <= offsets.GetValueOrDefault(new SourcePartition(topic, p)))));
        if (reached < 0) return false;
        var before = Reached;
        Reached = _cuts[reached].Cut;
        _cuts.RemoveRange(0, reached);
        return !ReferenceEquals(before, Reached);
    }

    private bool Same(IReadOnlyDictionary<string, long[]> one, IReadOnlyDictionary<string, long[]> other) =>
        topics.All(t => one.TryGetValue(t, out var ends) == other.TryGetValue(t, out var others) && (ends is null || ends.AsSpan().SequenceEqual(others)));
}
