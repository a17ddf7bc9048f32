using System.Runtime.Serialization;

namespace Neo4j.Driver;

/// <summary>No server can be reached, or the connection broke.</summary>
[DataContract]
public class ServiceUnavailableException : Neo4jException
{
    public ServiceUnavailableException(string message) : base(message)
    {
    }

    public ServiceUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public override bool IsRetriable => true;
}

/// <summary>The server that a routed session spoke to is gone or leads no longer; a new session finds another.</summary>
[DataContract]
public class SessionExpiredException : Neo4jException
{
    public SessionExpiredException(string message) : base(message)
    {
    }

    public SessionExpiredException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public override bool IsRetriable => true;
}

/// <summary>The server was silent for longer than it had announced (<c>connection.recv_timeout_seconds</c>).</summary>
[DataContract]
public class ConnectionReadTimeoutException : Neo4jException
{
    public ConnectionReadTimeoutException(string message) : base(message)
    {
    }

    public ConnectionReadTimeoutException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public override bool IsRetriable => true;
}
