using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor.Cells;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The actor system of one process: two guardians, one for users and one for itself.</summary>
internal sealed partial class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ActorDispatchers _dispatchers;
    private readonly LocalProvider _provider;
    private readonly ExtensionRegistry _extensions;
    private readonly List<Action> _onTermination = [];
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _closed;

    internal ActorSystemImpl(string name, Config config, ActorSystemSetup setup)
    {
        if (name == null || !NameForm().IsMatch(name))
            throw new ArgumentException($"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-')", nameof(name));
        Name = name;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(false);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem));
        _dispatchers = new ActorDispatchers(Settings.Config);
        _extensions = new ExtensionRegistry(this);
        _provider = new LocalProvider(this);
        DeadLetters = _provider.DeadLetters;
        Scheduler = Schedulers.Create(Settings.Config, Log);
        _provider.StartGuardians();
    }

    public override IActorRef DeadLetters { get; }

    public override EventStream EventStream { get; }

    public override IActorRef IgnoreRef => _provider.IgnoreRef;

    public override ILoggingAdapter Log { get; }

    public override string Name { get; }

    public override IScheduler Scheduler { get; }

    public override Settings Settings { get; }

    public override Task WhenTerminated => _terminated.Task;

    public override IInternalActorRef Guardian => _provider.Guardian;

    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;

    public override IInternalActorRef LookupRoot => _provider.Root;

    public override IActorRefProvider Provider => _provider;

    internal LocalProvider Local => _provider;

    internal void Start()
    {
        EventStream.StartUnsubscriber(this);
        SystemActorOf(Props.Create<DeadLetterListener>(), "deadLetterListener");
        Loggers.Start(this);
        CoordinatedShutdown.Get(this);
        _extensions.LoadFromConfig();
    }

    internal ActorDispatcher DispatcherOf(Props props) => _dispatchers.Lookup(props.Dispatcher);

    public override IActorRef ActorOf(Props props, string name = null) => _provider.Guardian.Cell.Attach(props, name, checkName: true);

    public override IActorRef SystemActorOf(Props props, string name = null) => _provider.SystemGuardian.Cell.Attach(props, name, checkName: true);

    public override IActorRef SystemActorOf<TActor>(string name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actor.ActorSelection.From(actorPath.ToStringWithoutAddress(), this, _provider.Guardian);

    public override ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.From(actorPath, this, _provider.Guardian);

    public override void Stop(IActorRef actor) => ((IInternalActorRef)actor).Stop();

    public override object GetExtension(IExtensionId extensionId) => _extensions.Register(extensionId);

    public override T GetExtension<T>() => _extensions.TryGet(typeof(T), out var extension) ? (T)extension : null;

    public override bool HasExtension(Type type) => _extensions.TryGet(type, out _);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override object RegisterExtension(IExtensionId extension) => _extensions.Register(extension);

    public override bool TryGetExtension(Type extensionType, out object extension) => _extensions.TryGet(extensionType, out extension);

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = _extensions.TryGet(typeof(T), out var any);
        extension = (T)any;
        return found;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_lock)
        {
            if (_closed)
                throw new InvalidOperationException("ActorSystem already terminated.");
            _onTermination.Add(code);
        }
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else
            StopGuardians();
        return WhenTerminated;
    }

    /// <summary>Stops the actors of users, then those of the system.</summary>
    internal Task StopGuardians()
    {
        _provider.Guardian.Stop();
        return WhenTerminated;
    }

    /// <summary>All actors have ended.</summary>
    internal void Ended()
    {
        Action[] actions;
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            actions = [.. _onTermination];
        }
        foreach (var action in actions.Reverse())
        {
            try
            {
                action();
            }
            catch (Exception broken)
            {
                Log.Error(broken, "A callback of the termination failed.");
            }
        }
        (Scheduler as IDisposable)?.Dispose();
        _dispatchers.Dispose();
        _terminated.TrySetResult();
    }

    public override string PrintTree()
    {
        var text = new StringBuilder();
        Print(_provider.Guardian, 0);
        Print(_provider.SystemGuardian, 0);
        return text.ToString();

        void Print(IInternalActorRef actor, int depth)
        {
            text.Append(' ', depth * 2).Append("-> ").AppendLine(actor.Path.Name);
            foreach (var child in (actor as LocalActorRef)?.Cell.ChildRefs() ?? [])
                Print(child, depth + 1);
        }
    }

    public override string ToString() => $"akka://{Name}";

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9-]*$")]
    private static partial Regex NameForm();
}
