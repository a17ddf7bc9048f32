namespace PolyglotSync.Kafka.Cuts;

/// <summary>
/// When what the cuts hold was committed: so that anybody who knows a watermark of the graph can say how old the oldest change is that it lacks, whoever is to write it. A cut without a change more than the one
/// before it, where only the log went on, does not count. Not thread-safe; pure.
/// </summary>
internal sealed class CutTimes
{
    private readonly List<(Lsn Watermark, long At)> _kept = [];
    private (long Epoch, long Change) _last;

    public void Take(CutRecord cut)
    {
        if (cut.CommitTimestamp == 0 || (cut.Epoch, cut.Change).CompareTo(_last) <= 0) return;
        _last = (cut.Epoch, cut.Change);
        // inside a transaction that is too large for one cut the watermark stays
        if (_kept.Count > 0 && _kept[^1].Watermark >= cut.Cut.Watermark) return;
        _kept.Add((cut.Cut.Watermark, cut.CommitTimestamp));
        _kept.ThinOut();
    }

    /// <summary>Of the oldest change behind a watermark: microseconds since 1970-01-01 UTC; 0 where there is none.</summary>
    public long After(Lsn watermark)
    {
        var (low, high) = (0, _kept.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_kept[middle].Watermark > watermark) high = middle;
            else low = middle + 1;
        }
        return low == _kept.Count ? 0 : _kept[low].At;
    }
}
