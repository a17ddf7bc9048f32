using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;

namespace Akka.Streams.Engine;

/// <summary>Keeps the running streams of one owner. A supervisor actor under the owner tells when the owner stops.</summary>
internal sealed class LoopMaterializer : ActorMaterializer
{
    private static readonly ConditionalWeakTable<ActorSystem, ActorMaterializer> OfSystems = new();
    private static int _created;

    private readonly ConcurrentDictionary<StreamRun, StreamRun> _runs = new();
    private volatile bool _shutdown;

    public LoopMaterializer(IActorRefFactory context)
    {
        var name = $"StreamSupervisor-{Interlocked.Increment(ref _created)}";
        var props = Props.Create(() => new StreamSupervisor(this));
        switch (context)
        {
            case ExtendedActorSystem system:
                System = system;
                Supervisor = system.SystemActorOf(props, name);
                break;
            case IActorContext actor:
                System = actor.System;
                Supervisor = actor.ActorOf(props, name);
                break;
            default:
                throw new ArgumentException($"A materializer needs an actor system or an actor's context, not {context?.GetType().Name ?? "null"}.", nameof(context));
        }
        Logger = Logging.GetLogger(System, this);
    }

    public override bool IsShutdown => _shutdown;

    public override ILoggingAdapter Logger { get; }

    public override IActorRef Supervisor { get; }

    public override ActorSystem System { get; }

    /// <summary>The one materializer behind the overloads that take an actor system.</summary>
    public static ActorMaterializer Of(ActorSystem system) => OfSystems.GetValue(system, static s => new LoopMaterializer(s));

    public override ILoggingAdapter MakeLogger(object logSource) => Logging.GetLogger(System, logSource);

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable)
    {
        if (_shutdown)
            throw new IllegalStateException("Trying to materialize stream after materializer has been shutdown");
        var run = new StreamRun(this, over => _runs.TryRemove(over, out _));
        _runs[run] = run;
        try
        {
            return runnable.Blueprint().Start(run);
        }
        finally
        {
            run.Started();
            if (_shutdown)
                run.Abort(new AbruptTerminationException(Supervisor));
        }
    }

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes) => Materialize(runnable);

    public override void Shutdown()
    {
        OwnerStopped();
        (System as ExtendedActorSystem)?.Stop(Supervisor);
    }

    private void OwnerStopped()
    {
        _shutdown = true;
        foreach (var run in _runs.Keys)
            run.Abort(new AbruptTerminationException(Supervisor));
    }

    private sealed class StreamSupervisor(LoopMaterializer materializer) : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => materializer.OwnerStopped();
    }
}
