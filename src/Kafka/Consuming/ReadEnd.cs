namespace PolyglotSync.Kafka.Consuming;

/// <summary>The end of one reading. The part that fails first ends the others, and who waits for any of them hears of that failure in the place of a cancellation.</summary>
/// <param name="confirm">Looks at a failure once more, when it comes to telling it: a topic may only seem to be gone.</param>
internal sealed class ReadEnd(Func<PipelineFailure, Task<PipelineFailure>> confirm, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private PipelineFailure? _failure;

    /// <summary>Of every part.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether a part has failed.</summary>
    public bool IsFailure => Volatile.Read(ref _failure) is not null;

    /// <summary>A part has failed.</summary>
    public void Fail(PipelineFailure failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _stop.Cancel();
    }

    /// <summary>The failure that ended it, as it is told.</summary>
    public Task<PipelineFailure> ConfirmedAsync() => confirm(_failure!);

    public Task CancelAsync() => _stop.CancelAsync();

    /// <exception cref="PipelineFailure">What ended the reading.</exception>
    public async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChangeBatch> batches)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (OperationCanceledException) when (IsFailure)
        {
            throw await ConfirmedAsync();
        }
    }

    public void Dispose() => _stop.Dispose();
}
