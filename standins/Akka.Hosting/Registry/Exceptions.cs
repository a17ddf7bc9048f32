namespace Akka.Hosting;

/// <summary>A mistake in using the registry.</summary>
public class ActorRegistryException : Exception
{
    public ActorRegistryException(string message) : base(message) { }

    public ActorRegistryException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The key is taken.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    public DuplicateActorRegistryException(string message) : base(message) { }

    public DuplicateActorRegistryException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Nothing is registered for the key.</summary>
public sealed class MissingActorRegistryEntryException : ActorRegistryException
{
    public MissingActorRegistryEntryException(string message) : base(message) { }

    public MissingActorRegistryEntryException(string message, Exception innerException) : base(message, innerException) { }
}
