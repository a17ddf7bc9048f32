using System.Runtime.Serialization;

namespace Neo4j.Driver;

/// <summary>The server refuses for reasons of security.</summary>
[DataContract]
public class SecurityException : Neo4jException
{
    public SecurityException(string message) : base(message)
    {
    }

    public SecurityException(string code, string message) : base(code, message)
    {
    }

    public SecurityException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public override bool IsRetriable => false;
}

/// <summary>Wrong user or password.</summary>
[DataContract]
public class AuthenticationException : SecurityException
{
    public AuthenticationException(string message) : base(message)
    {
    }
}

/// <summary>What the server knew of this user has expired; a new connection asks again.</summary>
public class AuthorizationException : SecurityException
{
    public AuthorizationException(string message) : base(message)
    {
    }

    public override bool IsRetriable => true;
}

/// <summary>The user has no right to do this.</summary>
[DataContract]
public class ForbiddenException : SecurityException
{
    public ForbiddenException(string message) : base(message)
    {
    }
}

/// <summary>The bearer token is too old.</summary>
public class TokenExpiredException : SecurityException
{
    public TokenExpiredException(string message) : base(message)
    {
    }
}

/// <summary>A code of the Security category that this driver does not know.</summary>
[DataContract]
public class UnknownSecurityException : SecurityException
{
    public UnknownSecurityException(string message) : base(message)
    {
    }
}
