using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Capture;

/// <summary>
/// Says in the log of cuts what the topics hold, as acknowledgements come: at once where nothing was said lately, else a little later, and a newer cut takes the place of one that waits. A watermark that moved alone is
/// said more seldom: it serves nobody but the slot.
/// </summary>
internal sealed class CutPublisher(CutsTopic topic, DeliveryMarks marks, TopicLayout layout, EpochRecord epoch, LimitSettings limits, TimeProvider time)
{
    /// <summary>Between two cuts at the least.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Until a watermark that moved alone is said for the first time behind a change: whoever waits for a moment waits for one that has just been.</summary>
    private static readonly TimeSpan SoonIdle = TimeSpan.FromMilliseconds(100);

    /// <summary>Cuts of pipelines with very many partitions are said more seldom, so that they take no more than this.</summary>
    private const double BytesPerSecond = 2_000_000;

    private DeliveredCut? _published;
    private long _publishedAt;
    private int _bytes;
    private bool _wasNews;
    private volatile bool _atOnce;

    /// <summary>From now on each cut is published at once: nothing more comes.</summary>
    public void Hurry()
    {
        _atOnce = true;
        marks.Wake();
    }

    /// <summary>Until cancelled.</summary>
    /// <exception cref="PipelineFailure">Something was not delivered.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DeliveredCut? waiting = null;
        while (true)
        {
            if (marks.TryTake(out var newer)) waiting = newer;
            var left = waiting is null ? Timeout.InfiniteTimeSpan : PauseBefore(waiting) - time.GetElapsedTime(_publishedAt);
            if (waiting is null || left > TimeSpan.Zero)
            {
                // the timer of a wait counts whole milliseconds
                if (waiting is not null && left < TimeSpan.FromMilliseconds(1)) left = TimeSpan.FromMilliseconds(1);
                await marks.ReachedAsync(left, cancellationToken);
                continue;
            }
            await PublishAsync(waiting, cancellationToken);
            waiting = null;
        }
    }

    private TimeSpan PauseBefore(DeliveredCut cut)
    {
        if (_atOnce || _published is null) return TimeSpan.Zero;
        if (IsNews(cut)) return TimeSpan.FromSeconds(Math.Max(Pause.TotalSeconds, _bytes / BytesPerSecond));
        return _wasNews ? SoonIdle : TimeSpan.FromMilliseconds(limits.WatermarkIntervalMs);
    }

    private bool IsNews(DeliveredCut cut) => _published is not { } last || cut.Change != last.Change || cut.Cut.Position != last.Cut.Position || !ReferenceEquals(cut.Copy, last.Copy);

    private async Task PublishAsync(DeliveredCut cut, CancellationToken cancellationToken)
    {
        Failpoint.Reach(Failpoint.BeforeCut);
        _publishedAt = time.GetTimestamp();
        _wasNews = IsNews(cut);
        (_, _bytes) = await topic.WriteAsync(new CutRecord
        {
            Epoch = epoch.Epoch,
            Change = cut.Change,
            Position = cut.Cut.Position,
            Watermark = cut.Cut.Watermark,
            CommitTimestamp = cut.CommitTimestamp,
            Copy = ReferenceEquals(cut.Copy, epoch.Copy) ? null : cut.Copy,
            Offsets = layout.ByTopic(cut.Offsets),
        }, cancellationToken);
        _published = cut;
    }
}
