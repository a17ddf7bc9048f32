using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Takes messages.</summary>
public interface ICanTell
{
    /// <summary>Sends a message; returns at once.</summary>
    void Tell(object message, IActorRef sender);
}

/// <summary>The handle of an actor: all that others ever see of it.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor stands.</summary>
    ActorPath Path { get; }
}

/// <summary>Tells whether a reference is local.</summary>
public interface IActorRefScope
{
    /// <summary>Whether the actor lives in this process.</summary>
    bool IsLocal { get; }
}

/// <summary>A reference as the runtime sees it.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    /// <summary>Its supervisor.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>The provider of its system.</summary>
    IActorRefProvider Provider { get; }

    /// <summary>The descendant of those names, or Nobody.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    /// <summary>Makes the actor anew after a failure.</summary>
    void Restart(Exception cause);

    /// <summary>Goes on after a failure.</summary>
    void Resume(Exception causedByFailure = null);

    /// <summary>Sends a message of the runtime, which comes before all others.</summary>
    void SendSystemMessage(ISystemMessage message);

    /// <summary>Starts the actor.</summary>
    void Start();

    /// <summary>Stops the actor after the message at hand.</summary>
    void Stop();

    /// <summary>Stops handling messages until it is resumed.</summary>
    void Suspend();
}

/// <summary>Makes and finds references.</summary>
public interface IActorRefProvider
{
    /// <summary>Takes what cannot be delivered.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>The address of the system.</summary>
    Address DefaultAddress { get; }

    /// <summary>Swallows everything.</summary>
    IActorRef IgnoreRef { get; }

    /// <summary>The root of the tree.</summary>
    ActorPath RootPath { get; }

    /// <summary>The settings of the system.</summary>
    Settings Settings { get; }

    /// <summary>The actor at that path; a reference to nobody when there is none.</summary>
    IActorRef ResolveActorRef(string path);

    /// <summary>The actor at that path; a reference to nobody when there is none.</summary>
    IActorRef ResolveActorRef(ActorPath actorPath);
}
