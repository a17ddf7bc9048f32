#nullable enable
using Neo4j.Driver.Internal.Bolt;

namespace Neo4j.Driver.Internal.Pooling;

/// <summary>A connection in the hands of one session, and the database it works on (null: the home database).</summary>
internal sealed class Lease(ConnectionPool pool, Pooled pooled, string? database, Func<Neo4jException, Neo4jException>? translate = null)
{
    private int _returned;

    public BoltConnection Connection => pooled.Connection;

    public string? Database { get; } = database;

    /// <summary>What an error on this connection means to the session: in a cluster, a lost server is an expired session.</summary>
    public Neo4jException Translate(Neo4jException error) => translate == null ? error : translate(error);

    /// <summary>The second time and later: nothing.</summary>
    public Task ReturnAsync() => Interlocked.Exchange(ref _returned, 1) == 0 ? pool.ReleaseAsync(pooled) : Task.CompletedTask;
}

/// <summary>Where sessions get their connections.</summary>
internal interface IConnectionSource : IAsyncDisposable
{
    Task<Lease> AcquireAsync(AccessMode mode, string? database, string? impersonatedUser, string[] bookmarks, CancellationToken cancellationToken = default);
}

/// <summary>For bolt:// — always the same server.</summary>
internal sealed class DirectSource(ConnectionPool pool) : IConnectionSource
{
    public async Task<Lease> AcquireAsync(
        AccessMode mode, string? database, string? impersonatedUser, string[] bookmarks, CancellationToken cancellationToken = default) =>
        new(pool, await pool.AcquireAsync(cancellationToken).ConfigureAwait(false), database);

    public ValueTask DisposeAsync() => pool.DisposeAsync();
}
