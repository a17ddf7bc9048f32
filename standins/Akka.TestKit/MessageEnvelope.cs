using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor received.</summary>
public abstract class MessageEnvelope
{
    /// <summary>The message.</summary>
    public abstract object Message { get; }

    /// <summary>Who sent it.</summary>
    public abstract IActorRef Sender { get; }
}

/// <summary>No message yet.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    /// <summary>The only one.</summary>
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    /// <inheritdoc />
    public override object Message => throw new IllegalActorStateException("last receive did not dequeue a message");

    /// <inheritdoc />
    public override IActorRef Sender => throw new IllegalActorStateException("last receive did not dequeue a message");

    /// <inheritdoc />
    public override string ToString() => "<null message>";
}

/// <summary>A message that came.</summary>
public class RealMessageEnvelope : MessageEnvelope
{
    /// <summary>From that sender.</summary>
    public RealMessageEnvelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <inheritdoc />
    public override object Message { get; }

    /// <inheritdoc />
    public override IActorRef Sender { get; }

    /// <inheritdoc />
    public override string ToString() => $"<{Message ?? "null"}> from {(Sender is null ? "NoSender" : Sender.ToString())}";
}
