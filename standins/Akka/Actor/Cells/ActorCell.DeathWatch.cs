using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Cells;

/// <summary>Who watches whom.</summary>
internal sealed partial class ActorCell
{
    private sealed record WatchedWith(object Message);

    private Dictionary<IActorRef, WatchedWith> _watching;
    private Dictionary<IActorRef, WatchedWith> _announced;
    private HashSet<IActorRef> _watchedBy;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) =>
        Watch(subject, new WatchedWith(message ?? throw new ArgumentNullException(nameof(message), "message must not be null")));

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching != null && _watching.Remove(subject))
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, Ref));
        _announced?.Remove(subject);
        return subject;
    }

    private IActorRef Watch(IActorRef subject, WatchedWith with)
    {
        if (subject.Equals(Self))
            return subject;
        // A second watch changes nothing, not even the message.
        if ((_watching ??= []).TryAdd(subject, with))
            ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, Ref));
        return subject;
    }

    private void AddWatcher(Watch watch)
    {
        if (watch.Watchee.Equals(Self) && !watch.Watcher.Equals(Self))
            (_watchedBy ??= []).Add(watch.Watcher);
    }

    private void WatchedActorTerminated(DeathWatchNotification notification)
    {
        var subject = notification.Actor;
        if (_watching != null && _watching.Remove(subject, out var with) && _waiting != Waiting.Termination)
        {
            (_announced ??= [])[subject] = with;
            Self.Tell(new Terminated(subject, notification.ExistenceConfirmed, notification.AddressTerminated), subject);
        }
        if (TryGetChild(subject, out _))
            ChildTerminated(subject);
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_announced != null && _announced.Remove(terminated.ActorRef, out var with))
            ReceiveMessage(with == null ? terminated : with.Message);
    }

    private void TellWatchersWeDied()
    {
        var notice = new DeathWatchNotification(Self, existenceConfirmed: true, addressTerminated: false);
        foreach (var watcher in _watchedBy ?? [])
        {
            if (!watcher.Equals(Supervisor))
                ((IInternalActorRef)watcher).SendSystemMessage(notice);
        }
        _watchedBy = null;
        Supervisor.SendSystemMessage(notice);
    }

    private void UnwatchAll()
    {
        foreach (var subject in _watching?.Keys.ToList() ?? [])
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, Ref));
        _watching = null;
        _announced = null;
    }
}
