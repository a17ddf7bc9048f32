using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>A logger that is no actor.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    /// <inheritdoc />
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems"), "/StandardOutLogger");

    /// <inheritdoc />
    public override IActorRefProvider Provider => throw new NotSupportedException("This logger does not provide.");

    /// <summary>Writes an entry.</summary>
    protected abstract void Log(object message);

    /// <inheritdoc />
    protected sealed override void TellInternal(object message, IActorRef sender) => Log(message ?? throw new ArgumentNullException(nameof(message), "The message to log must not be null."));
}

/// <summary>Writes entries to the console.</summary>
public class StandardOutLogger : MinimalLogger
{
    /// <inheritdoc />
    protected override void Log(object message) => Console.WriteLine(message);
}

/// <summary>Writes entries to the console; the logger that is used when the settings name no other.</summary>
public class DefaultLogger : ActorBase, Akka.Dispatch.IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <summary>Writes an entry.</summary>
    protected virtual void Print(LogEvent logEvent) => Console.WriteLine(logEvent);

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }
}
