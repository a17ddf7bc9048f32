namespace PolyglotSync.Kafka.PerKey;

/// <summary>Wakes the merge when anything has come to any of its lanes.</summary>
internal sealed class Arrivals
{
    private TaskCompletionSource? _waiter;

    /// <summary>Completes at the next arrival. To be asked for before looking; for one task.</summary>
    public Task Next()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _waiter, waiter);
        return waiter.Task;
    }

    /// <summary>For the reading thread, after it has put the message where the merge looks.</summary>
    public void Tell() => Interlocked.Exchange(ref _waiter, null)?.TrySetResult();
}
