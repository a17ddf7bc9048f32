#nullable enable
using System.Collections.Concurrent;
using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.Pooling;

namespace Neo4j.Driver.Internal.Routing;

/// <summary>For neo4j:// — asks the cluster who leads the database, and sends writers there and readers to the followers in turn.</summary>
internal sealed class RoutedSource(
    ServerUri origin, Func<ServerAddress, ConnectionPool> newPool, TimeProvider time, ILogger logger) : IConnectionSource
{
    private readonly ConcurrentDictionary<ServerAddress, Lazy<ConnectionPool>> _pools = new();
    private readonly ConcurrentDictionary<(string? Database, string? User), RoutingTable> _tables = new();
    private readonly SemaphoreSlim _asking = new(1);
    private int _turn;

    public async Task<Lease> AcquireAsync(
        AccessMode mode, string? database, string? impersonatedUser, string[] bookmarks, CancellationToken cancellationToken = default)
    {
        var key = (database, impersonatedUser);
        Neo4jException? last = null;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var table = await TableAsync(key, mode, bookmarks, cancellationToken).ConfigureAwait(false);
            var servers = table.For(mode);
            var turn = (uint)Interlocked.Increment(ref _turn);
            for (var i = 0; i < servers.Count; i++)
            {
                var server = servers[(int)((turn + i) % servers.Count)];
                try
                {
                    var pool = PoolOf(server);
                    var pooled = await pool.AcquireAsync(cancellationToken).ConfigureAwait(false);
                    return new Lease(pool, pooled, table.Database, error => Translate(error, mode, key, server));
                }
                catch (ServiceUnavailableException e)
                {
                    logger.Info("{0} is left out of routing: {1}", server, e.Message);
                    last = e;
                }
            }

            _tables.TryRemove(key, out _);
        }

        throw new SessionExpiredException($"Failed to connect to any {mode.ToString().ToLowerInvariant()} server.", last!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools.Values) await pool.Value.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<RoutingTable> TableAsync(
        (string? Database, string? User) key, AccessMode mode, string[] bookmarks, CancellationToken cancellationToken)
    {
        if (Known() is { } known) return known;
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Known() ?? (_tables[key] = await DiscoverAsync(key, bookmarks, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _asking.Release();
        }

        RoutingTable? Known() => _tables.TryGetValue(key, out var table) && table.ExpiresAt > time.GetUtcNow() && table.For(mode).Count > 0 ? table : null;
    }

    private async Task<RoutingTable> DiscoverAsync((string? Database, string? User) key, string[] bookmarks, CancellationToken cancellationToken)
    {
        var routers = _tables.TryGetValue(key, out var old) ? old.Routers : [];
        var errors = new List<Exception>();
        foreach (var router in routers.Append(origin.Address).Distinct())
        {
            try
            {
                return await AskAsync(router, key, bookmarks, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ServiceUnavailableException or ConnectionReadTimeoutException or TransientException or ClientException { Code: null })
            {
                logger.Info("{0} gives no routing table: {1}", router, e.Message);
                errors.Add(e);
            }
        }

        throw new ServiceUnavailableException(
            $"Failed to connect to any routing server. {string.Join(" ", errors.Select(e => e.Message))}", new AggregateException(errors));
    }

    private async Task<RoutingTable> AskAsync(
        ServerAddress router, (string? Database, string? User) key, string[] bookmarks, CancellationToken cancellationToken)
    {
        var pool = PoolOf(router);
        var pooled = await pool.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var extra = new Dictionary<string, object?>();
            if (key.Database != null) extra["db"] = key.Database;
            if (key.User != null) extra["imp_user"] = key.User;
            var answer = await pooled.Connection.AskAsync(new RouteRequest(origin.RoutingContext, bookmarks, extra), cancellationToken).ConfigureAwait(false);
            return RoutingTable.From(answer, key.Database, time.GetUtcNow());
        }
        finally
        {
            await pool.ReleaseAsync(pooled).ConfigureAwait(false);
        }
    }

    private Neo4jException Translate(Neo4jException error, AccessMode mode, (string? Database, string? User) key, ServerAddress server)
    {
        switch (error)
        {
            case ServiceUnavailableException:
                _tables.TryRemove(key, out _);
                return new SessionExpiredException($"Server at {server} is no longer available due to error: {error.Message}.", error);
            case ConnectionReadTimeoutException or { Code: "Neo.TransientError.General.DatabaseUnavailable" }:
                _tables.TryRemove(key, out _);
                return error;
            case { Code: "Neo.ClientError.Cluster.NotALeader" or "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase" } when mode == AccessMode.Write:
                _tables.TryRemove(key, out _);
                return new SessionExpiredException($"Server at {server} no longer accepts writes", error);
            case { Code: "Neo.ClientError.Cluster.NotALeader" or "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase" }:
                return new ClientException("Write queries cannot be performed in READ access mode.", error);
            default:
                return error;
        }
    }

    private ConnectionPool PoolOf(ServerAddress address) =>
        _pools.GetOrAdd(address, (a, create) => new Lazy<ConnectionPool>(() => create(a)), newPool).Value;
}
