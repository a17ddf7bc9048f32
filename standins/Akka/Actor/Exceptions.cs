namespace Akka.Actor;

/// <summary>The base of Akka's exceptions.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Without a message.</summary>
    protected AkkaException()
    {
    }

    /// <summary>With a message and a cause.</summary>
    protected AkkaException(string message, Exception cause = null)
        : base(message, cause)
    {
    }

    /// <summary>What led to it, or null.</summary>
    protected Exception Cause => InnerException;
}

/// <summary>The constructor or PreStart of an actor failed.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Without a message.</summary>
    public ActorInitializationException()
    {
    }

    /// <summary>With a message.</summary>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Of that actor, with a message and a cause.</summary>
    public ActorInitializationException(IActorRef actor, string message, Exception cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>The actor that could not be made, or null.</summary>
    public IActorRef Actor { get; set; }

    /// <inheritdoc />
    public override string ToString() => Actor == null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>PreRestart failed.</summary>
public class PreRestartException : ActorInitializationException
{
    /// <summary>Of that actor.</summary>
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object optionalMessage)
        : base(actor, $"exception in preRestart({restartException?.GetType().Name ?? "null"}, {optionalMessage?.GetType().Name ?? "null"})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage;
    }

    /// <summary>The message that the actor had failed on, or null.</summary>
    public object OptionalMessage { get; }

    /// <summary>What the restart was for.</summary>
    public Exception RestartException { get; }
}

/// <summary>The constructor or PostRestart failed during a restart.</summary>
public class PostRestartException : ActorInitializationException
{
    /// <summary>Of that actor.</summary>
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause?.GetType().Name ?? "null"})", cause) => OriginalCause = originalCause;

    /// <summary>What the restart was for.</summary>
    public Exception OriginalCause { get; }
}

/// <summary>The actor received <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Without a message.</summary>
    public ActorKilledException()
    {
    }

    /// <summary>With a message.</summary>
    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>A selection found nobody in time.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>Without a message.</summary>
    public ActorNotFoundException()
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ActorNotFoundException(string message, Exception innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>No answer came in time.</summary>
public class AskTimeoutException : AkkaException
{
    /// <summary>With a message.</summary>
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor did not handle the <see cref="Terminated"/> of one that it watches.</summary>
public class DeathPactException : AkkaException
{
    /// <summary>For that dead actor.</summary>
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    /// <summary>The actor that died.</summary>
    public IActorRef DeadActor { get; }
}

/// <summary>The name of an actor is malformed or taken.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>With a message.</summary>
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The message was null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>Without a message.</summary>
    public InvalidMessageException()
        : this("Message is null")
    {
    }

    /// <summary>With a message.</summary>
    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>The actor cannot do that in its state.</summary>
public class IllegalActorStateException : AkkaException
{
    /// <summary>With a message.</summary>
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}

/// <summary>The stash is full.</summary>
public class StashOverflowException : AkkaException
{
    /// <summary>With a message and a cause.</summary>
    public StashOverflowException(string message, Exception cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>The scheduler was asked for something impossible.</summary>
public sealed class SchedulerException : AkkaException
{
    /// <summary>With a message.</summary>
    public SchedulerException(string message)
        : base(message)
    {
    }
}

/// <summary>A logger did not start.</summary>
public class LoggerInitializationException : AkkaException
{
    /// <summary>With a message and a cause.</summary>
    public LoggerInitializationException(string message, Exception cause = null)
        : base(message, cause)
    {
    }
}
