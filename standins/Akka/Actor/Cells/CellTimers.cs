namespace Akka.Actor.Cells;

/// <summary>A message that a timer sends. It is only delivered while that timer is the newest of its key.</summary>
internal sealed record TimerMessage(CellTimers Owner, object Key, int Generation, bool Repeats, object Message)
    : INoSerializationVerificationNeeded;

/// <summary>The timers of one actor. A cancelled or replaced timer's message that waits in the mailbox is dropped.</summary>
internal sealed class CellTimers(ActorCell cell) : ITimerScheduler
{
    private sealed record Active(int Generation, ICancelable Cancelable);

    private readonly Dictionary<object, Active> _active = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _active.Keys;

    public bool IsTimerActive(object key) => _active.ContainsKey(key);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => StartSingleTimer(key, msg, timeout, cell.Self);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender)
    {
        var message = Begin(key, msg, repeats: false);
        _active[key] = new Active(message.Generation, cell.System.Scheduler.ScheduleTellOnceCancelable(timeout, cell.Self, message, sender));
    }

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, initialDelay, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender)
    {
        var message = Begin(key, msg, repeats: true);
        _active[key] = new Active(message.Generation, cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(initialDelay, interval, cell.Self, message, sender));
    }

    public void Cancel(object key)
    {
        if (_active.Remove(key, out var timer))
            timer.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _active.Values)
            timer.Cancelable.Cancel();
        _active.Clear();
    }

    internal bool Accept(TimerMessage message)
    {
        if (message.Owner != this || !_active.TryGetValue(message.Key, out var timer) || timer.Generation != message.Generation)
            return false;
        if (!message.Repeats)
            _active.Remove(message.Key);
        return true;
    }

    private TimerMessage Begin(object key, object message, bool repeats)
    {
        Cancel(key);
        return new TimerMessage(this, key, ++_generation, repeats, message);
    }
}
