using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests.Fakes;

/// <summary>A capture that does what the test says.</summary>
internal sealed class FakeCapture : ICapture
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action _moved = static () => { };

    public string Target => "kafka://broker:9092/shop";

    public bool IsDisposed { get; private set; }

    public bool IsAskedToStop { get; private set; }

    /// <summary>False: it drains until <see cref="End"/>.</summary>
    public bool StopsAtOnce { get; init; } = true;

    public Lsn Mark { get; set; } = new(500);

    /// <summary>What marking meets instead, at once.</summary>
    public Exception? Unmarkable { get; set; }

    /// <summary>Asked whenever its progress is looked at.</summary>
    public Action Looking { get; set; } = () => { };

    public CaptureProgress Progress
    {
        get
        {
            Looking();
            return _progress;
        }
    }

    private CaptureProgress _progress = new(new SourceProgress("slot", Lsn.Zero, Lsn.Zero, Lsn.Zero, 0, true), 0, Cut.Start, CopyState.Empty, 0, 0, 0, 0);

    public async Task RunAsync(Action moved, CancellationToken stop)
    {
        _moved = moved;
        await using var registration = stop.Register(() =>
        {
            IsAskedToStop = true;
            if (StopsAtOnce) _end.TrySetResult();
        });
        await _end.Task;
    }

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => Unmarkable is { } refusal ? throw refusal : Task.FromResult(Mark);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public void Reach(long watermark, long rows, string? trouble = null)
    {
        var copy = CopyState.Empty.With(new TableName("public", "users"), new TableCopy(CopyPhase.Done, null, 0, 0));
        _progress = _progress with { Epoch = 3, Cut = new Cut(Position.EndOf(new Lsn((ulong)watermark)), new Lsn((ulong)watermark)), Copy = copy, Rows = rows, Trouble = trouble };
        _moved();
    }

    public void End() => _end.TrySetResult();

    public void Fail(Exception failure) => _end.TrySetException(failure);
}
