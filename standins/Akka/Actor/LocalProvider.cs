using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The roots of the tree: the guardians, the temporary references of Ask, the dead letters.</summary>
internal sealed class LocalProvider : IActorRefProvider
{
    private readonly ActorSystemImpl _system;
    private readonly ConcurrentDictionary<string, IInternalActorRef> _temporary = new();
    private long _nextTemporary;

    internal LocalProvider(ActorSystemImpl system)
    {
        _system = system;
        DefaultAddress = new Address("akka", system.Name);
        RootPath = new RootActorPath(DefaultAddress);
        DeadLetters = new DeadLetterActorRef(system, RootPath / "deadLetters");
        IgnoreRef = new IgnoreActorRef(this, RootPath / "ignore");
        Root = new RootRef(this);
    }

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public Address DefaultAddress { get; }

    public ActorPath RootPath { get; }

    public Settings Settings => _system.Settings;

    internal ActorSystemImpl System => _system;

    internal IInternalActorRef Root { get; }

    internal LocalActorRef Guardian { get; private set; }

    internal LocalActorRef SystemGuardian { get; private set; }

    internal void StartGuardians()
    {
        var dispatcher = _system.DispatcherOf(Props.Empty.WithDispatcher(Dispatch.ActorDispatchers.InternalId));
        SystemGuardian = new LocalActorRef(_system, Props.Create<GuardianActor>(), dispatcher, Root, new ChildActorPath(RootPath, "system", 1));
        Guardian = new LocalActorRef(_system, Props.Create<GuardianActor>().WithSupervisorStrategy(UserStrategy()), dispatcher, Root, new ChildActorPath(RootPath, "user", 1));
        SystemGuardian.Start();
        Guardian.Start();
    }

    internal ActorPath NextTemporaryPath() => RootPath / "temp" / ("$" + Cells.ActorCell.Base64(Interlocked.Increment(ref _nextTemporary)));

    internal void AddTemporary(IInternalActorRef reference) => _temporary[reference.Path.Name] = reference;

    internal void RemoveTemporary(IInternalActorRef reference) => _temporary.TryRemove(reference.Path.Name, out _);

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath.Address.HasGlobalScope)
            throw new NotSupportedException($"The stand-in for Akka is one node: {actorPath} cannot be resolved.");
        var found = actorPath.Address.Equals(DefaultAddress) ? Root.GetChild(actorPath.Elements) : ActorRefs.Nobody;
        return found is Nobody || (actorPath.Uid != 0 && found.Path.Uid != actorPath.Uid) ? new EmptyActorRef(_system, actorPath) : found;
    }

    private SupervisorStrategy UserStrategy()
    {
        var name = Settings.Config.GetString("akka.actor.guardian-supervisor-strategy");
        var type = TypeNames.Find(name) ?? throw new ConfigurationException($"akka.actor.guardian-supervisor-strategy: there is no type '{name}'.");
        return ((SupervisorStrategyConfigurator)Activator.CreateInstance(type)!).Create();
    }

    /// <summary>Stands above the guardians: ends the system when one of them fails or has ended.</summary>
    private sealed class RootRef(LocalProvider provider) : MinimalActorRef
    {
        public override ActorPath Path => provider.RootPath;

        public override IActorRefProvider Provider => provider;

        public override IInternalActorRef Parent => this;

        public override IActorRef GetChild(IReadOnlyList<string> name)
        {
            var names = name.SkipWhile(part => part is "" or "..").ToArray();
            var rest = names.Skip(1).ToArray();
            return names.FirstOrDefault() switch
            {
                null => this,
                "user" => provider.Guardian.GetChild(rest),
                "system" => provider.SystemGuardian.GetChild(rest),
                "temp" when rest.Length == 1 && provider._temporary.TryGetValue(rest[0], out var temporary) => temporary,
                "deadLetters" when rest.Length == 0 => provider.DeadLetters,
                _ => ActorRefs.Nobody,
            };
        }

        public override void SendSystemMessage(ISystemMessage message)
        {
            if (message is Failed failed)
            {
                provider._system.Log.Error(failed.Cause, "guardian {0} failed, shutting down!", failed.Child);
                ((IInternalActorRef)failed.Child).Stop();
            }
            else if (message is DeathWatchNotification { Actor: var dead })
            {
                if (dead.Equals(provider.Guardian))
                    provider.SystemGuardian.Stop();
                else if (dead.Equals(provider.SystemGuardian))
                    provider._system.Ended();
            }
        }
    }

    /// <summary>The parent of all actors of users or of the system.</summary>
    private sealed class GuardianActor : UntypedActor
    {
        protected override void PreRestart(Exception reason, object message)
        {
        }

        protected override void OnReceive(object message)
        {
            if (message is not Terminated)
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
        }
    }
}
