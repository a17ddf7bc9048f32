namespace PolyglotSync.Kafka.Sharing;

/// <summary>How far the graph is with what this node has read: to be waited for before a barrier. One waits; anybody tells.</summary>
internal sealed class AppliedOffsets
{
    private readonly Lock _lock = new();
    private IReadOnlyList<PartitionOffset> _applied = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Tell(IReadOnlyList<PartitionOffset> applied)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            _applied = applied;
            (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        news.TrySetResult();
    }

    /// <summary>Waits until everything in front of these offsets is applied.</summary>
    public Task UntilAsync(IReadOnlyList<PartitionOffset> wanted, CancellationToken cancellationToken) =>
        UntilAsync(applied => applied.Count == wanted.Count && applied.Zip(wanted).All(p => p.First.Offset >= p.Second.Offset), cancellationToken);

    /// <summary>Waits until the very batch that bears them is applied: it may move no offset.</summary>
    public Task UntilItselfAsync(IReadOnlyList<PartitionOffset> given, CancellationToken cancellationToken) => UntilAsync(applied => ReferenceEquals(applied, given), cancellationToken);

    private async Task UntilAsync(Func<IReadOnlyList<PartitionOffset>, bool> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (isEnough(_applied)) return;
                news = _news.Task;
            }
            await news.WaitAsync(cancellationToken);
        }
    }
}
