using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg
{
    /// <summary>A message of the runtime to a cell; it comes before all messages of users.</summary>
    public interface ISystemMessage : INoSerializationVerificationNeeded
    {
    }

    internal abstract class SystemMessage : ISystemMessage
    {
    }

    internal sealed class Create : SystemMessage
    {
        internal static readonly Create Instance = new();
    }

    internal sealed class Recreate(Exception cause) : SystemMessage
    {
        internal Exception Cause { get; } = cause;
    }

    internal sealed class Suspend : SystemMessage
    {
        internal static readonly Suspend Instance = new();
    }

    internal sealed class Resume(Exception causedByFailure) : SystemMessage
    {
        internal Exception CausedByFailure { get; } = causedByFailure;
    }

    internal sealed class Terminate : SystemMessage, IDeadLetterSuppression
    {
        internal static readonly Terminate Instance = new();
    }

    internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
    {
        internal IInternalActorRef Watchee { get; } = watchee;

        internal IInternalActorRef Watcher { get; } = watcher;
    }

    internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
    {
        internal IInternalActorRef Watchee { get; } = watchee;

        internal IInternalActorRef Watcher { get; } = watcher;
    }

    internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
    {
        internal IActorRef Actor { get; } = actor;

        internal bool ExistenceConfirmed { get; } = existenceConfirmed;

        internal bool AddressTerminated { get; } = addressTerminated;
    }

    internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
    {
        internal IActorRef Child { get; } = child;

        internal Exception Cause { get; } = cause;

        internal long Uid { get; } = uid;
    }

    /// <summary>The rest of a handler behind an await.</summary>
    internal sealed class ActorTask(SendOrPostCallback callback, object state) : SystemMessage
    {
        internal void Run() => callback(state);
    }

    /// <summary>An asynchronous handler is through.</summary>
    internal sealed class ActorTaskDone(Task task) : SystemMessage
    {
        internal Task Task { get; } = task;
    }
}

namespace Akka.Dispatch
{
    /// <summary>Something to run.</summary>
    public interface IRunnable
    {
        /// <summary>Runs it.</summary>
        void Run();
    }
}
