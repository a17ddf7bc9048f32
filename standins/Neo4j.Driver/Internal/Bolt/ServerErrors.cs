#nullable enable
namespace Neo4j.Driver.Internal.Bolt;

/// <summary>From Neo4j's status codes to the driver's exceptions.</summary>
internal static class ServerErrors
{
    public static Neo4jException From(Dictionary<string, object?> failure) => From(
        failure.GetValueOrDefault("code") as string ?? "Neo.DatabaseError.General.UnknownError",
        failure.GetValueOrDefault("message") as string ?? "An unknown error occurred.");

    public static Neo4jException From(string code, string message)
    {
        var error = Create(code, message);
        error.Code = code;
        return error;
    }

    private static Neo4jException Create(string code, string message) => code switch
    {
        "Neo.ClientError.Security.Unauthorized" => new AuthenticationException(message),
        "Neo.ClientError.Security.AuthorizationExpired" => new AuthorizationException(message),
        "Neo.ClientError.Security.TokenExpired" => new TokenExpiredException(message),
        "Neo.ClientError.Security.Forbidden" => new ForbiddenException(message),
        "Neo.ClientError.Database.DatabaseNotFound" => new FatalDiscoveryException(message),
        "Neo.ClientError.Transaction.InvalidBookmark" => new InvalidBookmarkException(message),
        "Neo.ClientError.Transaction.InvalidBookmarkMixture" => new InvalidBookmarkMixtureException(message),
        "Neo.ClientError.Statement.ArgumentError" => new StatementArgumentException(message),
        "Neo.ClientError.Statement.TypeError" => new TypeException(message),
        _ when Is(code, "Neo.ClientError.Security.") => new UnknownSecurityException(message),
        _ when Is(code, "Neo.ClientError.Request.Invalid") => new ProtocolException(message),
        _ when Is(code, "Neo.ClientError.") => new ClientException(code, message),
        _ when Is(code, "Neo.TransientError.") => new TransientException(code, message),
        _ => new DatabaseException(code, message),
    };

    private static bool Is(string code, string family) => code.StartsWith(family, StringComparison.Ordinal);
}
