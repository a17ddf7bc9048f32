using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor that says whether it handled a message.</summary>
public abstract class PersistentActor : Eventsourced
{
    protected PersistentActor()
    {
    }

    protected override bool Receive(object message) => ReceiveCommand(message);
}

/// <summary>A persistent actor that sees each message as an object.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    protected UntypedPersistentActor()
    {
    }

    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    protected void Become(UntypedReceive receive) => Context.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    protected abstract void OnCommand(object message);

    protected abstract void OnRecover(object message);

    protected override bool Receive(object message) => ReceiveCommand(message);

    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }
}
