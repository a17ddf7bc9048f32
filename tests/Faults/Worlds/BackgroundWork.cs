namespace PolyglotSync.Faults.Worlds;

/// <summary>Something that goes on beside a run until it is disposed; a failure of it comes out then.</summary>
public abstract class BackgroundWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _stopped;

    protected CancellationToken Stopping => _stop.Token;

    protected void Begin(params IEnumerable<Func<Task>> work) => _running = Task.WhenAll(work.Select(w => Task.Run(w)));

    /// <summary>Calls again and again, at the pace, until the end.</summary>
    protected static async Task RepeatAsync(int everyMs, Func<Task> step, CancellationToken until)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(everyMs));
        while (!until.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            await step();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }
}
