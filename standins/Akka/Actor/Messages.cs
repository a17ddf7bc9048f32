using Akka.Event;

namespace Akka.Actor;

/// <summary>Handled by the cell before the actor sees it.</summary>
public interface IAutoReceivedMessage
{
}

/// <summary>Not to be accepted from strangers.</summary>
public interface IPossiblyHarmful
{
}

/// <summary>Does not start the receive timeout anew.</summary>
public interface INotInfluenceReceiveTimeout
{
}

/// <summary>Never leaves the process.</summary>
public interface INoSerializationVerificationNeeded
{
}

/// <summary>Carries another message.</summary>
public interface IWrappedMessage
{
    /// <summary>The message inside.</summary>
    object Message { get; }
}

/// <summary>Stops the actor once the messages before it are handled.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill()
    {
    }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<Kill>";
}

/// <summary>Asks an actor for its reference; every actor answers with <see cref="ActorIdentity"/>.</summary>
public sealed class Identify : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>With an id that comes back in the answer.</summary>
    public Identify(object messageId) => MessageId = messageId;

    /// <summary>The id that comes back in the answer.</summary>
    public object MessageId { get; }

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is Identify other && Equals(MessageId, other.MessageId);

    /// <inheritdoc />
    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    /// <inheritdoc />
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity
{
    /// <summary>For that request; null: there is no such actor.</summary>
    public ActorIdentity(object messageId, IActorRef subject)
    {
        MessageId = messageId;
        Subject = subject;
    }

    /// <summary>The id of the request.</summary>
    public object MessageId { get; }

    /// <summary>The actor, or null.</summary>
    public IActorRef Subject { get; }

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(MessageId, Subject);

    /// <inheritdoc />
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>A watched actor has died.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded, IEquatable<Terminated>
{
    /// <summary>Of that actor.</summary>
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>The dead actor.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>Whether its whole node went away.</summary>
    public bool AddressTerminated { get; }

    /// <summary>Whether it is known to have lived; false when it was dead before it was watched.</summary>
    public bool ExistenceConfirmed { get; }

    /// <inheritdoc />
    public bool Equals(Terminated other) =>
        other is not null && Equals(ActorRef, other.ActorRef) && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    /// <inheritdoc />
    public override bool Equals(object obj) => Equals(obj as Terminated);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(ActorRef, AddressTerminated, ExistenceConfirmed);

    /// <inheritdoc />
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>No message came for as long as the receive timeout.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>The outcome of something asked for.</summary>
public abstract class Status
{
    /// <summary>It went well.</summary>
    public sealed class Success : Status
    {
        /// <summary>Well, with nothing to tell.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>The result, or null.</summary>
        public readonly object Status;

        /// <summary>With a result.</summary>
        public Success(object status) => Status = status;

        /// <inheritdoc />
        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    /// <summary>It failed.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>More about it, or null.</summary>
        public readonly object State;

        /// <summary>For that reason.</summary>
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        /// <summary>For that reason, with something more.</summary>
        public Failure(Exception cause, object state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc />
        public override string ToString() => $"Failure: {Cause}{(State == null ? "" : $", State: {State}")}";
    }
}

/// <summary>A message and who sent it.</summary>
public readonly struct Envelope
{
    /// <summary>With that sender.</summary>
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>With that sender; nobody means the dead letters of the system.</summary>
    public Envelope(object message, IActorRef sender, ActorSystem system)
        : this(message, sender ?? system.DeadLetters)
    {
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <inheritdoc />
    public override string ToString() => $"<{Message}> from {Sender?.ToString() ?? "NoSender"}";
}
