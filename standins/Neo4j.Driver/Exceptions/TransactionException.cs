using System.Runtime.Serialization;

namespace Neo4j.Driver;

/// <summary>The transaction was committed or rolled back before.</summary>
[DataContract]
public class TransactionClosedException : ClientException
{
    public TransactionClosedException(string message) : base(message)
    {
    }
}

/// <summary>A session was asked for a second transaction while one is open.</summary>
[DataContract]
public class TransactionNestingException : ClientException
{
    public TransactionNestingException(string message) : base(message)
    {
    }
}

/// <summary>The transaction is dead because of an earlier error, which is the inner exception.</summary>
[DataContract]
public sealed class TransactionTerminatedException : ClientException
{
    internal TransactionTerminatedException(Exception inner)
        : base((inner as Neo4jException)?.Code, inner.Message, inner)
    {
    }

    /// <summary>As the inner error says.</summary>
    public override bool IsRetriable => InnerException is Neo4jException { IsRetriable: true };
}
