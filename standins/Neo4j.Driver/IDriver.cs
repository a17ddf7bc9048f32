namespace Neo4j.Driver;

/// <summary>A pool of connections to a server or cluster; one for the life of a program, safe for all threads.</summary>
public interface IDriver : IAsyncDisposable, IDisposable
{
    Config Config { get; }

    bool Encrypted { get; }

    IAsyncSession AsyncSession();

    IAsyncSession AsyncSession(Action<SessionConfigBuilder> action);

    [Obsolete("Replaced by DisposeAsync")]
    Task CloseAsync();

    /// <exception cref="ServiceUnavailableException">No server answers.</exception>
    /// <exception cref="AuthenticationException">The server refuses the token.</exception>
    Task<IServerInfo> GetServerInfoAsync();

    /// <summary>False instead of an error.</summary>
    Task<bool> TryVerifyConnectivityAsync();

    /// <inheritdoc cref="GetServerInfoAsync"/>
    Task VerifyConnectivityAsync();

    Task<bool> SupportsMultiDbAsync();

    /// <summary>One statement in one managed transaction, its records read whole.</summary>
    IExecutableQuery<IRecord, IRecord> ExecutableQuery(string cypher);
}
