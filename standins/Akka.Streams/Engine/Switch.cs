namespace Akka.Streams.Engine;

/// <summary>A latch that ends streams from outside, once: null completes them, an exception fails them.</summary>
internal sealed class Switch
{
    private readonly TaskCompletionSource<Exception> _fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Exception> Fired => _fired.Task;

    public void Fire(Exception cause) => _fired.TrySetResult(cause);
}

/// <summary>Passes elements until its switch fires; then cancels upstream and ends downstream at once, whatever a pending pull is waiting for.</summary>
internal sealed class SwitchPipe<T>(Pipe<T> upstream, Switch @switch) : Pipe<T>
{
    public override ValueTask<bool> PullAsync()
    {
        if (@switch.Fired.IsCompleted)
            return EndAsync();
        var pull = upstream.PullAsync();
        if (!pull.IsCompletedSuccessfully)
            return RaceAsync(pull);
        if (!pull.Result)
            return ValueTask.FromResult(false);
        Current = upstream.Current;
        return ValueTask.FromResult(true);
    }

    public override void Cancel(Exception cause) => upstream.Cancel(cause);

    private async ValueTask<bool> RaceAsync(ValueTask<bool> pull)
    {
        var pulled = pull.AsTask();
        if (await Task.WhenAny(pulled, @switch.Fired).ConfigureAwait(false) != pulled)
        {
            // The upstream's end is no longer ours to report, but its exception must count as observed.
            _ = pulled.ContinueWith(static t => t.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
            return await EndAsync().ConfigureAwait(false);
        }
        if (!await pulled.ConfigureAwait(false))
            return false;
        Current = upstream.Current;
        return true;
    }

    private ValueTask<bool> EndAsync()
    {
        var cause = @switch.Fired.Result;
        upstream.Cancel(cause);
        return cause == null ? ValueTask.FromResult(false) : ValueTask.FromException<bool>(cause);
    }
}
