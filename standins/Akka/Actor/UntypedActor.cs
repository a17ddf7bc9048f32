using Akka.Actor.Cells;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor that sees each message as an object and counts it as handled.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>Only the runtime makes actors.</summary>
    protected UntypedActor()
    {
    }

    /// <summary>The surroundings of the actor that runs on this thread.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <summary>Puts a behaviour in place of the top one.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>Handles a message; what it cannot, it gives to Unhandled.</summary>
    protected abstract void OnReceive(object message);

    /// <inheritdoc />
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Runs an action as part of this message.</summary>
    protected void RunTask(Action action) => ActorTaskScheduler.RunTask(action);

    /// <summary>Runs something asynchronous; the next message waits for its end.</summary>
    protected void RunTask(Func<Task> action) => ActorTaskScheduler.RunTask(action);
}
