using System.Runtime.Serialization;

namespace Neo4j.Driver;

/// <summary>Any error that the server reported or that the driver met on the way to it.</summary>
[DataContract]
public class Neo4jException : Exception
{
    public Neo4jException()
    {
    }

    public Neo4jException(string message) : base(message)
    {
    }

    public Neo4jException(string code, string message) : base(message) => Code = code;

    public Neo4jException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public Neo4jException(string code, string message, Exception innerException) : base(message, innerException) => Code = code;

    /// <summary>Neo4j's status code, e.g. <c>Neo.ClientError.Schema.ConstraintValidationFailed</c>; null for errors met on this side.</summary>
    public string Code { get; set; }

    /// <summary>Whether the same work may succeed in a new transaction; what <c>ExecuteWriteAsync</c> goes by.</summary>
    public virtual bool IsRetriable => false;
}

/// <summary>An error of the database itself; also stands for every code that no other exception claims.</summary>
[DataContract]
public class DatabaseException : Neo4jException
{
    public DatabaseException()
    {
    }

    public DatabaseException(string message) : base(string.Empty, message)
    {
    }

    public DatabaseException(string code, string message) : base(code, message)
    {
    }

    public DatabaseException(string code, string message, Exception innerException) : base(code, message, innerException)
    {
    }
}

/// <summary>An error that may be gone on the next try: a deadlock, a leader change, memory, a lock timeout.</summary>
[DataContract]
public class TransientException : Neo4jException
{
    public TransientException()
    {
    }

    public TransientException(string code, string message) : base(code, message)
    {
    }

    public TransientException(string code, string message, Exception innerException) : base(code, message, innerException)
    {
    }

    public override bool IsRetriable => true;
}

/// <summary>The peer does not speak Bolt as expected, or a value cannot be put on the wire.</summary>
[DataContract]
public class ProtocolException : Neo4jException
{
    public ProtocolException(string message) : base(message)
    {
    }
}
