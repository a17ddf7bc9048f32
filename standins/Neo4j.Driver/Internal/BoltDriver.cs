#nullable enable
using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.Pooling;
using Neo4j.Driver.Internal.Results;
using Neo4j.Driver.Internal.Routing;
using Neo4j.Driver.Internal.Sessions;

namespace Neo4j.Driver.Internal;

internal sealed class BoltDriver : IDriver
{
    private readonly IConnectionSource _source;
    private readonly RetryPolicy _retries;
    private int _disposed;

    private BoltDriver(ServerUri origin, IConnectionSource source, Config config, TimeProvider time)
    {
        (_source, Config, Encrypted) = (source, config, origin.IsEncrypted);
        _retries = new RetryPolicy(config.MaxTransactionRetryTime, config.Logger, time);
    }

    public Config Config { get; }

    public bool Encrypted { get; }

    public static BoltDriver Create(Uri uri, IAuthToken token, Config config, TimeProvider time)
    {
        var origin = ServerUri.Parse(uri, config);
        var connector = new BoltConnector(origin, token, config);
        IConnectionSource source = origin.IsRouted
            ? new RoutedSource(origin, NewPool, time, config.Logger)
            : new DirectSource(NewPool(origin.Address));
        return new BoltDriver(origin, source, config, time);

        ConnectionPool NewPool(ServerAddress address) => new(address, connector.ConnectAsync, config, time);
    }

    public IAsyncSession AsyncSession() => AsyncSession(null);

    public IAsyncSession AsyncSession(Action<SessionConfigBuilder>? action)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var settings = new SessionConfig();
        action?.Invoke(new SessionConfigBuilder(settings));
        return new Session(_source, settings, settings.FetchSize ?? Config.FetchSize, _retries);
    }

    public async Task<IServerInfo> GetServerInfoAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var lease = await _source.AcquireAsync(AccessMode.Read, null, null, []).ConfigureAwait(false);
        try
        {
            // The connection may have been idle for long: only an answer shows that the server is there.
            await lease.Connection.ResetAsync().ConfigureAwait(false);
            return ServerInfo.Of(lease.Connection);
        }
        finally
        {
            await lease.ReturnAsync().ConfigureAwait(false);
        }
    }

    public Task VerifyConnectivityAsync() => GetServerInfoAsync();

    public async Task<bool> TryVerifyConnectivityAsync()
    {
        try
        {
            await GetServerInfoAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is Neo4jException or NotSupportedException)
        {
            Config.Logger.Debug("No connectivity: {0}", e.Message);
            return false;
        }
    }

    /// <summary>Every version of Bolt that this driver speaks has several databases; the server is asked only whether it is there.</summary>
    public async Task<bool> SupportsMultiDbAsync()
    {
        await GetServerInfoAsync().ConfigureAwait(false);
        return true;
    }

    public IExecutableQuery<IRecord, IRecord> ExecutableQuery(string cypher) =>
        new ExecutableQuery<IRecord, IRecord>(this, new Query(cypher), static records => records);

    public Task CloseAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) await _source.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
}
