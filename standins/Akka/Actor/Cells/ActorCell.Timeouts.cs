namespace Akka.Actor.Cells;

/// <summary>The receive timeout, the timers and the stash.</summary>
internal sealed partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private bool _receiveTimeoutChanged;
    private ICancelable _pendingTimeout;
    private CellTimers _timers;
    private ActorStash _stash;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _receiveTimeout = timeout > TimeSpan.Zero ? timeout : null;
        _receiveTimeoutChanged = true;
        if (_receiveTimeout == null)
            CancelReceiveTimeout();
    }

    internal ActorStash StashOf() => _stash ??= new ActorStash(this);

    private void RestartReceiveTimeoutIfSet()
    {
        if (_receiveTimeout.HasValue)
            RestartReceiveTimeout();
    }

    private void RestartReceiveTimeout()
    {
        _receiveTimeoutChanged = false;
        CancelReceiveTimeout();
        if (_receiveTimeout is { } timeout && _actor != null && !_mailbox.IsClosed)
            _pendingTimeout = SystemImpl.Scheduler.ScheduleTellOnceCancelable(timeout, Self, Akka.Actor.ReceiveTimeout.Instance, Self);
    }

    private void CancelReceiveTimeout()
    {
        _pendingTimeout?.Cancel();
        _pendingTimeout = null;
    }

    private void ReceiveTimer(TimerMessage timer, IActorRef sender)
    {
        if (_timers == null || !_timers.Accept(timer))
            return;
        _message = new Envelope(timer.Message, sender);
        if (timer.Message is IAutoReceivedMessage)
            AutoReceive(timer.Message);
        else
            ReceiveMessage(timer.Message);
    }

    private void PrepareStash(ActorBase actor)
    {
        if (actor is IActorStash stashing)
            stashing.Stash = StashOf();
    }
}
