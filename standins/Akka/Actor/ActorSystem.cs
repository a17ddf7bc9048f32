using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with its settings, scheduler and event stream.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly DateTime _started = DateTime.UtcNow;

    /// <summary>Takes what cannot be delivered.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Publishes events to subscribers by type.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Swallows everything.</summary>
    public abstract IActorRef IgnoreRef { get; }

    /// <summary>The log of the system.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>Sends messages and runs actions later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The serializers of the system.</summary>
    public virtual Akka.Serialization.Serialization Serialization => Akka.Serialization.Serialization.Of(this);

    /// <summary>When it started, since 1970.</summary>
    public TimeSpan StartTime => _started - DateTime.UnixEpoch;

    /// <summary>How long it has run.</summary>
    public TimeSpan Uptime => DateTime.UtcNow - _started;

    /// <summary>Ends when the system has ended.</summary>
    public abstract Task WhenTerminated { get; }

    /// <inheritdoc />
    public abstract IActorRef ActorOf(Props props, string name = null);

    /// <inheritdoc />
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc />
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Ends the system and waits for it.</summary>
    public void Dispose()
    {
        Terminate().Wait();
        GC.SuppressFinalize(this);
    }

    /// <summary>The extension of that id, made on first use.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>The registered extension of that type, or null.</summary>
    public abstract T GetExtension<T>()
        where T : class, IExtension;

    /// <summary>Whether an extension of that type is registered.</summary>
    public abstract bool HasExtension(Type type);

    /// <summary>Whether an extension of that type is registered.</summary>
    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>Makes the extension unless it is there, and returns it.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>Runs the code after all actors have ended.</summary>
    /// <exception cref="InvalidOperationException">The system has ended.</exception>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops an actor after the message at hand.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Ends the system, by coordinated shutdown unless the settings say otherwise.</summary>
    public abstract Task Terminate();

    /// <summary>The registered extension of that type.</summary>
    public abstract bool TryGetExtension(Type extensionType, out object extension);

    /// <summary>The registered extension of that type.</summary>
    public abstract bool TryGetExtension<T>(out T extension)
        where T : class, IExtension;

    /// <summary>A system with the default settings.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>A system with those settings over the defaults.</summary>
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>A system with those settings over the defaults.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>A system with those setups.</summary>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue ? bootstrap.Value.Config.GetOrElse(Config.Empty) : Config.Empty;
        var system = new ActorSystemImpl(name, config, setup);
        system.Start();
        return system;
    }
}

/// <summary>A system as extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>The parent of the actors of users.</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>Where relative selections start.</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>Resolves references.</summary>
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The parent of the actors of the system itself.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>The tree of actors as text.</summary>
    public abstract string PrintTree();

    /// <summary>Makes an actor of the system itself: it outlives those of users.</summary>
    public abstract IActorRef SystemActorOf(Props props, string name = null);

    /// <summary>Makes an actor of the system itself: it outlives those of users.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string name = null)
        where TActor : ActorBase, new();
}
