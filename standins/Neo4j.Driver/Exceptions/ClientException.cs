using System.Runtime.Serialization;

namespace Neo4j.Driver;

/// <summary>The statement, its parameters or the way the driver was used is wrong; trying again does not help.</summary>
[DataContract]
public class ClientException : Neo4jException
{
    public ClientException()
    {
    }

    public ClientException(string message) : base(message)
    {
    }

    public ClientException(string code, string message) : base(code, message)
    {
    }

    public ClientException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public ClientException(string code, string message, Exception innerException) : base(code, message, innerException)
    {
    }
}

/// <summary>The database named by the session does not exist, or routing to it is impossible.</summary>
[DataContract]
public class FatalDiscoveryException : ClientException
{
    public FatalDiscoveryException(string message) : base(message)
    {
    }
}

/// <summary>A bookmark that the server cannot read.</summary>
public class InvalidBookmarkException : ClientException
{
    public InvalidBookmarkException(string message) : base(message)
    {
    }
}

/// <summary>Bookmarks that do not belong together.</summary>
public class InvalidBookmarkMixtureException : ClientException
{
    public InvalidBookmarkMixtureException(string message) : base(message)
    {
    }
}

/// <summary>Records were asked for after the result had been consumed or its transaction closed.</summary>
[DataContract]
public class ResultConsumedException : ClientException
{
    public ResultConsumedException(string message) : base(message)
    {
    }
}

/// <summary>A parameter is missing or a function got an argument it cannot take.</summary>
[DataContract]
public class StatementArgumentException : ClientException
{
    public StatementArgumentException(string message) : base(message)
    {
    }
}

/// <summary>A value has a type that the statement cannot take.</summary>
[DataContract]
public class TypeException : ClientException
{
    public TypeException(string message) : base(message)
    {
    }
}

/// <summary>A Cypher value is out of the range of the .NET type it was to become.</summary>
[DataContract]
public class ValueOverflowException : ClientException
{
    public ValueOverflowException(string message) : base(message)
    {
    }
}

/// <summary>A Cypher value has more precision than the .NET type it was to become (nanoseconds against ticks).</summary>
[DataContract]
public class ValueTruncationException : ClientException
{
    public ValueTruncationException(string message) : base(message)
    {
    }
}
