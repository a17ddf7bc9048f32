using Akka.Actor;

namespace Akka.Pattern;

/// <summary>The circuit breaker is open.</summary>
public class OpenCircuitException : AkkaException
{
    /// <summary>With a message.</summary>
    public OpenCircuitException(string message)
        : this(message, null, TimeSpan.Zero)
    {
    }

    /// <summary>With a message, a cause and how long it stays open.</summary>
    public OpenCircuitException(string message, Exception cause, TimeSpan remainingDuration)
        : base(message, cause) => RemainingDuration = remainingDuration;

    /// <summary>How long it stays open.</summary>
    public TimeSpan RemainingDuration { get; }
}

/// <summary>Fail was called on the circuit breaker.</summary>
public class UserCalledFailException : AkkaException
{
    /// <summary>Without more to say.</summary>
    public UserCalledFailException()
        : base("User code caused CircuitBreaker to fail because it calls the Fail() method.")
    {
    }
}

/// <summary>Something was asked for in the wrong state.</summary>
public class IllegalStateException : AkkaException
{
    /// <summary>With a message.</summary>
    public IllegalStateException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public IllegalStateException(string message, Exception innerEx)
        : base(message, innerEx)
    {
    }
}
