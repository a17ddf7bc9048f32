namespace Akka.Actor;

/// <summary>Makes and finds actors below itself.</summary>
public interface IActorRefFactory
{
    /// <summary>Makes an actor; without a name it gets one that starts with '$'.</summary>
    IActorRef ActorOf(Props props, string name = null);

    /// <summary>Selects by an absolute path.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Selects by an absolute or relative path with wildcards.</summary>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Watches other actors die.</summary>
public interface ICanWatch
{
    /// <summary>Asks for <see cref="Terminated"/> when the actor dies.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for that message when the actor dies.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Asks for nothing any more.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor sees of its surroundings.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>What the actor was made of.</summary>
    Props Props { get; }

    /// <summary>After how long without a message <see cref="Actor.ReceiveTimeout"/> comes, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>The actor itself.</summary>
    IActorRef Self { get; }

    /// <summary>Who sent the message at hand.</summary>
    IActorRef Sender { get; }

    /// <summary>The actor system.</summary>
    ActorSystem System { get; }

    /// <summary>Puts a behaviour in place of the top one.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>The child of that name, or Nobody.</summary>
    IActorRef Child(string name);

    /// <summary>All children.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sets or clears the receive timeout.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor, mostly a child or oneself, after the message at hand.</summary>
    void Stop(IActorRef child);

    /// <summary>Takes the top behaviour away.</summary>
    void UnbecomeStacked();
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Puts a behaviour in place of the top one.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>A behaviour; returns whether it handled the message.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that handles every message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Short forms.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Makes an actor by its constructor without parameters.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Selects by a path relative to an actor.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) => new(anchorRef, actorPath);
}
