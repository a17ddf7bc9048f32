using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Akka.Streams.Engine;

namespace Akka.Streams;

/// <summary>
/// Runs graphs for an actor system or for one actor, and ends them with it. Unlike the real one it gives a stream no actors of its own: each
/// sink is a loop on the thread pool.
/// </summary>
public abstract class ActorMaterializer : IMaterializer, IMaterializerLoggingProvider, IDisposable
{
    private static readonly ConditionalWeakTable<ActorSystem, ActorMaterializer> OfSystems = [];

    protected ActorMaterializer() { }

    public abstract bool IsShutdown { get; }

    public abstract ILoggingAdapter Logger { get; }

    public abstract IActorRef Supervisor { get; }

    public abstract ActorSystem System { get; }

    public void Dispose() => Shutdown();

    public abstract ILoggingAdapter MakeLogger(object logSource);

    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);

    /// <summary>Fails every running stream with <see cref="AbruptTerminationException"/>; nothing can be materialized afterwards.</summary>
    public abstract void Shutdown();

    /// <summary>A system has one for all who ask: whoever shuts it down ends everybody's streams. An actor gets one of its own.</summary>
    /// <param name="context">The actor system, or the context of the actor that is to own the streams.</param>
    /// <param name="settings">Must be null: this stand-in has no settings.</param>
    /// <param name="namePrefix">Decoration.</param>
    public static ActorMaterializer Create(IActorRefFactory context, ActorMaterializerSettings settings = null, string namePrefix = null)
        => settings != null ? throw new NotSupportedException("This stand-in of Akka.Streams runs with its built-in settings only.")
            : context is ActorSystem system ? OfSystems.GetValue(system, one => new LoopMaterializer(one))
            : new LoopMaterializer(context);
}

/// <summary>Settings of the real materializer; there are none here.</summary>
public sealed class ActorMaterializerSettings
{
    private ActorMaterializerSettings() { }
}

/// <inheritdoc cref="ActorMaterializer"/>
public static class ActorMaterializerExtensions
{
    /// <inheritdoc cref="ActorMaterializer.Create"/>
    public static ActorMaterializer Materializer(this IActorRefFactory context, ActorMaterializerSettings settings = null, string namePrefix = null)
        => ActorMaterializer.Create(context, settings, namePrefix);
}
