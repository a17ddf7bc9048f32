using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The reference of an actor that is not there: what it is told goes to the dead letters.</summary>
internal class EmptyActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    protected ActorSystemImpl System { get; } = system;

    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider => System.Provider;

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case null:
                throw new InvalidMessageException("Message is null");
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case ActorSelectionMessage { Message: Identify selected } selection:
                if (!selection.WildCardFanOut)
                    sender?.Tell(new ActorIdentity(selected.MessageId, null), ActorRefs.NoSender);
                break;
            case ActorSelectionMessage selection:
                if (!selection.WildCardFanOut)
                    Publish(selection.Message, sender, this);
                break;
            case DeadLetter dead:
                Publish(dead.Message, dead.Sender, dead.Recipient);
                break;
            default:
                Publish(message, sender, this);
                break;
        }
    }

    private void Publish(object message, IActorRef sender, IActorRef recipient)
    {
        sender ??= System.DeadLetters;
        switch (message)
        {
            case AllDeadLetters:
                System.EventStream.Publish(message);
                break;
            case IDeadLetterSuppression suppressed:
                System.EventStream.Publish(new SuppressedDeadLetter(suppressed, sender, recipient));
                break;
            default:
                System.EventStream.Publish(new DeadLetter(message, sender, recipient));
                break;
        }
    }
}

/// <summary>Takes what cannot be delivered, and publishes it as <see cref="DeadLetter"/>.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : EmptyActorRef(system, path)
{
    protected override void TellInternal(object message, IActorRef sender)
    {
        // A dead actor's Identify must be answered, wherever its question was caught.
        if (message is DeadLetter { Message: Identify identify } dead)
            dead.Sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
        else
            base.TellInternal(message, sender);
    }
}

/// <summary>Swallows everything.</summary>
internal sealed class IgnoreActorRef(IActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;
}
