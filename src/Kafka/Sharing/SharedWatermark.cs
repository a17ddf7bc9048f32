using PolyglotSync.Kafka.Consuming;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>
/// The watermark of a graph that several nodes write, each its partitions: that of the newest cut which all partitions have reached, whoever reads them. Not thread-safe; pure.
/// </summary>
/// <param name="topics">The pipeline's.</param>
internal sealed class SharedWatermark(IReadOnlyCollection<string> topics)
{
    /// <summary>Cuts that are kept, at the most; above, every other one does as well.</summary>
    private const int MostKept = 512;

    private readonly List<(Lsn Watermark, IReadOnlyDictionary<string, long[]> Offsets)> _cuts = [];

    public Lsn Watermark { get; private set; }

    /// <summary>This node has read up to a cut.</summary>
    public void Passed(CutStep step)
    {
        if (step.Next is not null || (_cuts.Count > 0 && _cuts[^1].Watermark == step.Cut.Watermark && Same(_cuts[^1].Offsets, step.Offsets))) return;
        _cuts.Add((step.Cut.Watermark, step.Offsets));
        if (_cuts.Count <= MostKept) return;
        for (var i = _cuts.Count - 2; i > 0; i -= 2) _cuts.RemoveAt(i);
    }

    /// <summary>Where all partitions stand in the graph.</summary>
    /// <returns>True where the watermark has moved.</returns>
    public bool Look(IEnumerable<PartitionState> states)
    {
        var offsets = states.ToDictionary(s => s.Partition, s => s.Offset);
        var reached = _cuts.FindLastIndex(cut => topics.All(topic => !cut.Offsets.TryGetValue(topic, out var ends)
            || Enumerable.Range(0, ends.Length).All(p => ends[p] <= offsets.GetValueOrDefault(new SourcePartition(topic, p)))));
        if (reached < 0) return false;
        var before = Watermark;
        Watermark = Lsn.Max(before, _cuts[reached].Watermark);
        _cuts.RemoveRange(0, reached);
        return Watermark > before;
    }

    private bool Same(IReadOnlyDictionary<string, long[]> one, IReadOnlyDictionary<string, long[]> other) =>
        topics.All(t => one.TryGetValue(t, out var ends) == other.TryGetValue(t, out var others) && (ends is null || ends.AsSpan().SequenceEqual(others)));
}
