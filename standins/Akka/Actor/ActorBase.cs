using Akka.Actor.Cells;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The base of all actors: one message at a time, hooks around its life, behaviours that it may change.</summary>
public abstract class ActorBase
{
    /// <summary>Only the runtime makes actors, from <see cref="Props"/>.</summary>
    protected ActorBase()
    {
        if (ActorCell.Current is not { IsCreating: true })
        {
            throw new ActorInitializationException(
                $"You cannot create an instance of [{GetType().FullName}] explicitly using the constructor (new). "
                + "You have to use one of the factory methods to create a new actor; use 'system.ActorOf(Props)' or 'Context.ActorOf(Props)'.");
        }
    }

    /// <summary>The actor itself.</summary>
    protected IActorRef Self => Context.Self;

    /// <summary>Who sent the message at hand.</summary>
    protected IActorRef Sender => Context.Sender;

    /// <summary>The surroundings of the actor that runs on this thread.</summary>
    /// <exception cref="NotSupportedException">None does.</exception>
    protected static IActorContext Context => ActorCell.Current
        ?? throw new NotSupportedException("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    /// <summary>Handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = _ => false;

    /// <summary>Runs <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>Runs <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Runs <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    /// <summary>Runs <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Hands a message to the behaviour; may be overridden to see all messages before.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        var handled = receive(message);
        if (!handled)
            Unhandled(message);
        return handled;
    }

    /// <summary>Puts a behaviour in place of the top one.</summary>
    protected void Become(Receive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top.</summary>
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    /// <summary>After a restart, on the new instance; by default runs <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>After the last message.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Before a restart, on the old instance; by default stops the children and runs <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren().ToList())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        PostStop();
    }

    /// <summary>Before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Handles a message; returns whether it did.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Sets or clears the receive timeout.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    /// <summary>How children that fail are dealt with; null takes the default.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => null;

    /// <summary>Takes the top behaviour away.</summary>
    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    /// <summary>What happens to a message that no behaviour handles: it is published as <see cref="UnhandledMessage"/>.</summary>
    /// <exception cref="DeathPactException">It is the <see cref="Terminated"/> of a watched actor.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    internal void AroundReceiveInternal(Receive receive, object message) => AroundReceive(receive, message);

    internal bool ReceiveInternal(object message) => Receive(message);

    internal SupervisorStrategy StrategyInternal() => SupervisorStrategy() ?? ActorCell.Current?.Props.SupervisorStrategy;
}

/// <summary>An actor that sets itself up after its constructor.</summary>
internal interface IInitializable
{
    void Init();
}
