using Akka.Actor.Cells;

namespace Akka.Actor;

/// <summary>Puts messages aside for later.</summary>
public interface IStash
{
    /// <summary>How many fit, or -1 for no limit.</summary>
    int Capacity { get; }

    /// <summary>How many are put aside.</summary>
    int Count { get; }

    /// <summary>Whether none is.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether no more fits.</summary>
    bool IsFull { get; }

    /// <summary>Whether some are.</summary>
    bool NonEmpty { get; }

    /// <summary>Takes all out and returns them.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those put aside.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);

    /// <summary>Puts the message at hand aside.</summary>
    void Stash();

    /// <summary>Puts the oldest back before all that wait.</summary>
    void Unstash();

    /// <summary>Puts all back before all that wait, in their order.</summary>
    void UnstashAll();

    /// <summary>Puts those back that the predicate holds for, and drops the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);
}

/// <summary>An actor with a stash, which the runtime sets before PreStart.</summary>
public interface IActorStash
{
    /// <summary>The stash.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash
{
}

/// <summary>An actor with a stash without limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash, Akka.Dispatch.IRequiresMessageQueue<Akka.Dispatch.IUnboundedDequeBasedMessageQueueSemantics>
{
}

/// <summary>Makes stashes.</summary>
public static class StashFactory
{
    /// <summary>The stash of that actor.</summary>
    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) => ((ActorCell)context).StashOf();
}

/// <summary>Timers of an actor: they end with it and with its restart.</summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the running timers.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Stops a timer; its message is not delivered any more, even if it waits in the mailbox.</summary>
    void Cancel(object key);

    /// <summary>Stops all timers.</summary>
    void CancelAll();

    /// <summary>Whether the timer of that key runs.</summary>
    bool IsTimerActive(object key);

    /// <summary>Sends the message to the actor again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends the message to the actor again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends the message to the actor again and again, from that sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message to the actor again and again, from that sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message to the actor once. A timer of the same key before it ends.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends the message to the actor once, from that sender.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);
}

/// <summary>An actor with timers, which the runtime sets before PreStart.</summary>
public interface IWithTimers
{
    /// <summary>The timers.</summary>
    ITimerScheduler Timers { get; set; }
}
