namespace Akka.Streams.Engine;

/// <summary>
/// A source or operator written as an async iterator. It adds what iterators lack: cancelling while a step is pending. The enumerator is
/// disposed exactly once and never during a step.
/// </summary>
internal sealed class IteratorPipe<T> : Pipe<T>
{
    private const int Idle = 0, Pulling = 1, Cancelled = 2, Ended = 4;

    private readonly StreamRun _run;
    private readonly Func<CancellationToken, IAsyncEnumerable<T>> _body;
    private readonly Action<Exception> _cancelUpstream;
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<T> _steps;
    private int _state;

    /// <param name="run">Takes errors of disposal after a cancel, which have no one else to go to.</param>
    /// <param name="body">The steps; the token is cancelled when downstream leaves.</param>
    /// <param name="cancelUpstream">Called once when this pipe ends in any way; null for a source.</param>
    public IteratorPipe(StreamRun run, Func<CancellationToken, IAsyncEnumerable<T>> body, Action<Exception> cancelUpstream)
        => (_run, _body, _cancelUpstream) = (run, body, cancelUpstream);

    public override ValueTask<bool> PullAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Pulling, Idle) != Idle)
            return ValueTask.FromResult(false);
        ValueTask<bool> step;
        try
        {
            _steps ??= _body(_stop.Token).GetAsyncEnumerator(_stop.Token);
            step = _steps.MoveNextAsync();
        }
        catch (Exception cause)
        {
            step = ValueTask.FromException<bool>(cause);
        }
        if (!step.IsCompletedSuccessfully)
            return AwaitAsync(step);
        return step.Result ? ValueTask.FromResult(Emit()) : FinishAsync(null);
    }

    public override void Cancel(Exception cause)
    {
        var before = Interlocked.Or(ref _state, Cancelled);
        if ((before & (Cancelled | Ended)) != 0)
            return;
        _cancelUpstream?.Invoke(cause);
        _stop.Cancel();
        if ((before & Pulling) == 0)
            _ = DisposeQuietlyAsync();
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> step)
    {
        bool any;
        try
        {
            any = await step.ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            return await FinishAsync(cause).ConfigureAwait(false);
        }
        return any ? Emit() : await FinishAsync(null).ConfigureAwait(false);
    }

    private bool Emit()
    {
        Current = _steps.Current;
        if (Interlocked.CompareExchange(ref _state, Idle, Pulling) == Pulling)
            return true;
        _ = DisposeQuietlyAsync();
        return false;
    }

    private async ValueTask<bool> FinishAsync(Exception cause)
    {
        var cancelled = (Interlocked.Or(ref _state, Ended) & Cancelled) != 0;
        try
        {
            if (_steps != null)
                await _steps.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception disposing) when (cause != null || cancelled)
        {
            _run.Report(disposing);
        }
        if (cancelled)
            return false;
        _cancelUpstream?.Invoke(cause);
        if (cause != null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
        return false;
    }

    private async Task DisposeQuietlyAsync()
    {
        try
        {
            if (_steps != null)
                await _steps.DisposeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception cause)
        {
            _run.Report(cause);
        }
    }
}
