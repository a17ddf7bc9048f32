namespace Akka.Streams.Engine;

/// <summary>An auto-reset event for one waiter. A signal given while nobody waits is kept, once.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _waiter;
    private bool _set;

    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_set)
            {
                _set = false;
                return Task.CompletedTask;
            }
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    public void Set()
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _set = waiter == null;
        }
        waiter?.SetResult();
    }
}
