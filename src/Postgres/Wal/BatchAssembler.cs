using System.Diagnostics;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Between the task that decodes and the consumer: natural batching. Changes gather in one writer; a consumer that waits gets what is there at the last
/// commit, one that is busy finds a full batch later. One finished batch may wait; then the decoder stops.
/// </summary>
internal sealed class BatchAssembler(Cut start) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _space = new(1, 1);
    private ChangeBatch? _ready;
    private TaskCompletionSource<ChangeBatch>? _waiter;
    private Exception? _failure;
    private bool _atBoundary = true;
    private bool _hasNews;
    private long _timestamp;

    public ChangeBatchWriter Writer { get; set; } = new();

    /// <summary>The last commit, or the keepalive after it.</summary>
    public Cut Cut { get; private set; } = start;

    /// <summary>Told what the decoder does.</summary>
    public CaptureClock Clock { get; init; } = new();

    /// <summary>A transaction begins: until its end the writer is the decoder's alone.</summary>
    public void Enter()
    {
        lock (_lock) _atBoundary = false;
    }

    /// <summary>A transaction ends: from now on a waiting consumer may take what is there.</summary>
    public void Leave(Cut cut, long commitTimestamp)
    {
        lock (_lock)
        {
            Cut = cut with { Watermark = Lsn.Max(cut.Watermark, Cut.Watermark) };
            _timestamp = commitTimestamp;
            _atBoundary = true;
            _hasNews = true;
        }
    }

    /// <summary>The server says that nothing of interest lies before <paramref name="end"/>.</summary>
    public void Advance(Lsn end)
    {
        lock (_lock)
        {
            if (!_atBoundary || end <= Cut.Watermark) return;
            Cut = Cut with { Watermark = end };
            _hasNews = true;
        }
        Offer(0);
    }

    /// <summary>Gives a waiting consumer what is there, if it is <paramref name="rows"/> or more and no transaction is half in.</summary>
    public void Offer(int rows)
    {
        lock (_lock)
        {
            if (_waiter is null || !_atBoundary || !_hasNews || Writer.Count < rows) return;
            Hand(CompleteHere());
        }
    }

    /// <summary>Completes the writer's batch inside a transaction and hands it over, waiting for room.</summary>
    /// <param name="cut">The cut before the transaction, a part of it, or none.</param>
    public Task PushAsync(Cut? cut, CancellationToken cancellationToken) => PushAsync(cut, null, leaves: false, cancellationToken);

    /// <summary>Ends a transaction and hands the batch over at once, with the state of the copy that belongs to it.</summary>
    public Task PushCommitAsync(Cut cut, CopyState copy, long commitTimestamp, CancellationToken cancellationToken)
    {
        _timestamp = commitTimestamp;
        return PushAsync(cut with { Watermark = Lsn.Max(cut.Watermark, Cut.Watermark) }, copy, leaves: true, cancellationToken);
    }

    /// <summary>At a commit, when the batch is full: hands it over, waiting for room, unless the consumer took it meanwhile.</summary>
    public async Task PushFullAsync(CancellationToken cancellationToken)
    {
        await RoomAsync(cancellationToken);
        lock (_lock)
        {
            if (!_hasNews || Hand(CompleteHere())) _space.Release();
        }
    }

    /// <exception cref="Exception">What the decoder failed with, once everything before has been taken.</exception>
    public Task<ChangeBatch> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_ready is { } ready)
            {
                _ready = null;
                _space.Release();
                return Task.FromResult(ready);
            }
            if (_failure is not null) return Task.FromException<ChangeBatch>(_failure);
            if (_atBoundary && _hasNews) return Task.FromResult(CompleteHere());
            _waiter = new TaskCompletionSource<ChangeBatch>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }

    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            _waiter?.TrySetException(failure);
            _waiter = null;
        }
    }

    public void Dispose() => _space.Dispose();

    /// <summary>Waits until the consumer has taken the batch before.</summary>
    private async Task RoomAsync(CancellationToken cancellationToken)
    {
        if (_space.Wait(0, CancellationToken.None)) return;
        var started = Stopwatch.GetTimestamp();
        await _space.WaitAsync(cancellationToken);
        Clock.Waited(started);
    }

    private ChangeBatch CompleteHere()
    {
        _hasNews = false;
        return Writer.Complete(Cut, null, _timestamp);
    }

    private async Task PushAsync(Cut? cut, CopyState? copy, bool leaves, CancellationToken cancellationToken)
    {
        await RoomAsync(cancellationToken);
        lock (_lock)
        {
            if (cut is { } reached) Cut = reached;
            if (cut is not null) _hasNews = false;
            _atBoundary |= leaves;
            if (Hand(Writer.Complete(cut, copy, _timestamp))) _space.Release();
        }
    }

    /// <returns>True where the batch went to a waiting consumer; false where it keeps the place that the caller holds.</returns>
    private bool Hand(ChangeBatch batch)
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            if (waiter.TrySetResult(batch)) return true;
        }
        _ready = batch;
        return false;
    }
}
