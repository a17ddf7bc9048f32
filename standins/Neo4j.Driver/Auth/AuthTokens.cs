using Neo4j.Driver.Internal.Security;

namespace Neo4j.Driver;

/// <summary>What a connection shows to the server to be let in; made by <see cref="AuthTokens"/>.</summary>
public interface IAuthToken
{
}

/// <summary>The names of the schemes that <see cref="AuthTokens"/> makes.</summary>
public static class AuthSchemes
{
    public const string Basic = "basic";
    public const string Bearer = "bearer";
    public const string Kerberos = "kerberos";
}

/// <summary>Makes authentication tokens.</summary>
public class AuthTokens
{
    /// <summary>For a server with authentication off.</summary>
    public static IAuthToken None { get; } = new AuthToken("none");

    public static IAuthToken Basic(string username, string password) => Basic(username, password, null);

    public static IAuthToken Basic(string username, string password, string realm)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        return new AuthToken(AuthSchemes.Basic, username, password, realm);
    }

    public static IAuthToken Bearer(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new AuthToken(AuthSchemes.Bearer, credentials: token);
    }

    public static IAuthToken Kerberos(string base64EncodedTicket) =>
        new AuthToken(AuthSchemes.Kerberos, string.Empty, base64EncodedTicket);

    public static IAuthToken Custom(string principal, string credentials, string realm, string scheme) =>
        Custom(principal, credentials, realm, scheme, null);

    public static IAuthToken Custom(string principal, string credentials, string realm, string scheme, Dictionary<string, object> parameters) =>
        new AuthToken(scheme, principal, credentials, realm, parameters);
}
