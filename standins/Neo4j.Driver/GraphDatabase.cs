using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Makes drivers. Schemes: bolt and neo4j (routed), each alone, with <c>+s</c> (TLS) or <c>+ssc</c> (TLS, any certificate).</summary>
public static class GraphDatabase
{
    public static IDriver Driver(string uri) => Driver(new Uri(uri));

    public static IDriver Driver(Uri uri) => Driver(uri, AuthTokens.None, null);

    public static IDriver Driver(string uri, Action<ConfigBuilder> action) => Driver(new Uri(uri), action);

    public static IDriver Driver(Uri uri, Action<ConfigBuilder> action) => Driver(uri, AuthTokens.None, action);

    public static IDriver Driver(string uri, IAuthToken authToken) => Driver(new Uri(uri), authToken, null);

    public static IDriver Driver(Uri uri, IAuthToken authToken) => Driver(uri, authToken, null);

    public static IDriver Driver(string uri, IAuthToken authToken, Action<ConfigBuilder> action) => Driver(new Uri(uri), authToken, action);

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="NotSupportedException">The scheme is none of the six.</exception>
    /// <exception cref="ArgumentException">Routing parameters on a bolt URI, or encryption set both by scheme and by configuration.</exception>
    public static IDriver Driver(Uri uri, IAuthToken authToken, Action<ConfigBuilder> action)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(authToken);
        var builder = new ConfigBuilder(new Config());
        action?.Invoke(builder);
        return BoltDriver.Create(uri, authToken, builder.Build(), TimeProvider.System);
    }
}
