#nullable enable
namespace Neo4j.Driver.Internal.Security;

/// <summary>The map that HELLO (Bolt up to 5.0) or LOGON carries. Never logged.</summary>
internal sealed class AuthToken : IAuthToken
{
    public AuthToken(
        string scheme, string? principal = null, string? credentials = null, string? realm = null, Dictionary<string, object?>? parameters = null)
    {
        Content["scheme"] = scheme;
        if (principal != null) Content["principal"] = principal;
        if (!string.IsNullOrEmpty(credentials)) Content["credentials"] = credentials;
        if (!string.IsNullOrEmpty(realm)) Content["realm"] = realm;
        if (parameters != null) Content["parameters"] = parameters;
    }

    public Dictionary<string, object?> Content { get; } = [];

    public static Dictionary<string, object?> ContentOf(IAuthToken token) => token is AuthToken known
        ? known.Content
        : throw new ClientException($"Unknown authentication token {token.GetType().Name}; make it with AuthTokens.");
}
