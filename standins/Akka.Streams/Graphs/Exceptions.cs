namespace Akka.Streams;

/// <summary>A buffer whose strategy is to fail was full.</summary>
public class BufferOverflowException : Exception
{
    public BufferOverflowException(string message) : base(message) { }

    public BufferOverflowException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A sink that needs an element saw none.</summary>
public class NoSuchElementException : Exception
{
    public NoSuchElementException(string message) : base(message) { }
}

/// <summary>The stream behind a queue is over.</summary>
public class StreamDetachedException : Exception
{
    public static readonly StreamDetachedException Instance = new();

    public StreamDetachedException() : this("Stream is terminated. Materialized value is detached.") { }

    public StreamDetachedException(string message) : base(message) { }

    public StreamDetachedException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The materializer was shut down, or the actor it belongs to stopped, while the stream ran.</summary>
public class AbruptTerminationException : Exception
{
    public readonly Akka.Actor.IActorRef Actor;

    public AbruptTerminationException(Akka.Actor.IActorRef actor)
        : base($"Processor actor [{actor}] terminated abruptly") => Actor = actor;
}
