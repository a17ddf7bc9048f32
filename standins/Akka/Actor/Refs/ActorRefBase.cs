using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>What all references have in common.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <inheritdoc />
    public abstract ActorPath Path { get; }

    /// <inheritdoc />
    public void Tell(object message, IActorRef sender) => TellInternal(message, sender);

    /// <summary>Delivers the message.</summary>
    protected abstract void TellInternal(object message, IActorRef sender);

    /// <inheritdoc />
    public int CompareTo(object obj) => CompareTo(obj as IActorRef ?? throw new ArgumentException($"Object must be of type IActorRef, found {obj?.GetType()}.", nameof(obj)));

    /// <inheritdoc />
    public int CompareTo(IActorRef other)
    {
        var order = Path.CompareTo(other.Path);
        return order != 0 ? order : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc />
    public bool Equals(IActorRef other) => ReferenceEquals(this, other) || (other != null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is IActorRef other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Path.GetHashCode(), Path.Uid);

    /// <inheritdoc />
    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

/// <summary>What all references of the runtime have in common.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    /// <inheritdoc />
    public abstract bool IsLocal { get; }

    /// <inheritdoc />
    public abstract IInternalActorRef Parent { get; }

    /// <inheritdoc />
    public abstract IActorRefProvider Provider { get; }

    /// <inheritdoc />
    public abstract IActorRef GetChild(IReadOnlyList<string> name);

    /// <inheritdoc />
    public abstract void Restart(Exception cause);

    /// <inheritdoc />
    public abstract void Resume(Exception causedByFailure = null);

    /// <inheritdoc />
    public abstract void SendSystemMessage(ISystemMessage message);

    /// <inheritdoc />
    public abstract void Start();

    /// <inheritdoc />
    public abstract void Stop();

    /// <inheritdoc />
    public abstract void Suspend();
}

/// <summary>A reference without an actor behind it: nothing to start, to supervise or to stop.</summary>
public abstract class MinimalActorRef : InternalActorRefBase
{
    /// <inheritdoc />
    public override bool IsLocal => true;

    /// <inheritdoc />
    public override IInternalActorRef Parent => ActorRefs.Nobody;

    /// <inheritdoc />
    public override IActorRef GetChild(IReadOnlyList<string> name) => name.All(string.IsNullOrEmpty) ? this : ActorRefs.Nobody;

    /// <inheritdoc />
    public override void Restart(Exception cause)
    {
    }

    /// <inheritdoc />
    public override void Resume(Exception causedByFailure = null)
    {
    }

    /// <inheritdoc />
    public override void SendSystemMessage(ISystemMessage message)
    {
    }

    /// <inheritdoc />
    public override void Start()
    {
    }

    /// <inheritdoc />
    public override void Stop()
    {
    }

    /// <inheritdoc />
    public override void Suspend()
    {
    }

    /// <inheritdoc />
    protected override void TellInternal(object message, IActorRef sender)
    {
    }
}

/// <summary>Nobody at all.</summary>
public sealed class Nobody : MinimalActorRef
{
    /// <summary>The only one.</summary>
    public static Nobody Instance = new();

    private Nobody()
    {
    }

    /// <inheritdoc />
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    /// <inheritdoc />
    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody does not provide");
}

/// <summary>Well-known references.</summary>
public static class ActorRefs
{
    /// <summary>No sender: null.</summary>
    public static readonly IActorRef NoSender;

    /// <summary>Nobody at all.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;
}

/// <summary>Questions about references.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether the reference is null or leads to nobody.</summary>
    public static bool IsNobody(this IActorRef actorRef) => actorRef is null or Nobody;

    /// <summary>The reference, or another when it leads to nobody.</summary>
    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef;
}

/// <summary>Sending on behalf of the actor that is running.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the running actor as sender; outside of actors without one.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, Cells.ActorCell.Current?.Self);

    /// <summary>Passes the message on with its first sender.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, Cells.ActorCell.Current?.Sender);
}
