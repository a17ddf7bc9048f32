#nullable enable
using Neo4j.Driver.Internal.Bolt;

namespace Neo4j.Driver.Internal.Pooling;

/// <summary>The connections to one server. The one used last is handed out first, so that a busy driver keeps few.</summary>
internal sealed class ConnectionPool(
    ServerAddress address, Func<ServerAddress, CancellationToken, Task<BoltConnection>> connect, Config config, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(config.MaxConnectionPoolSize > 0 ? config.MaxConnectionPoolSize : int.MaxValue);
    private readonly Stack<Pooled> _idle = new();
    private bool _closed;

    /// <summary>A connection that is alive as far as is known; give it back by <see cref="ReleaseAsync"/>.</summary>
    /// <exception cref="ClientException">All connections stayed in use, or a new one was not answered, for the whole of the acquisition timeout.</exception>
    /// <exception cref="ServiceUnavailableException">The server cannot be reached.</exception>
    public async Task<Pooled> AcquireAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var timeout = config.ConnectionAcquisitionTimeout;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout >= TimeSpan.Zero) patience.CancelAfter(timeout);
        try
        {
            return await TakeOrOpenAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ClientException($"Failed to obtain a connection from pool within {timeout}");
        }
    }

    private async Task<Pooled> TakeOrOpenAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (TakeIdle() is { } pooled)
            {
                if (await IsUsableAsync(pooled, cancellationToken).ConfigureAwait(false)) return pooled;
                await pooled.Connection.DisposeAsync().ConfigureAwait(false);
            }

            return new Pooled(await connect(address, cancellationToken).ConfigureAwait(false), time.GetTimestamp());
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Takes a connection back, with whatever was left running on it stopped; a broken one is dropped.</summary>
    public async Task ReleaseAsync(Pooled pooled)
    {
        try
        {
            if (await IsCleanAsync(pooled.Connection).ConfigureAwait(false) && PutBack(pooled)) return;
            await pooled.Connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        while (TakeIdle() is { } pooled) await pooled.Connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<bool> IsCleanAsync(BoltConnection connection)
    {
        if (!connection.IsOpen) return false;
        if (!connection.NeedsReset) return true;
        try
        {
            await connection.ResetAsync().ConfigureAwait(false);
            return true;
        }
        catch (Neo4jException)
        {
            return false;
        }
    }

    private Pooled? TakeIdle()
    {
        lock (_idle) return _idle.TryPop(out var pooled) ? pooled : null;
    }

    private bool PutBack(Pooled pooled)
    {
        pooled.IdleSince = time.GetTimestamp();
        lock (_idle)
        {
            if (_closed || _idle.Count >= (config.MaxIdleConnectionPoolSize > 0 ? config.MaxIdleConnectionPoolSize : int.MaxValue)) return false;
            _idle.Push(pooled);
            return true;
        }
    }

    private async Task<bool> IsUsableAsync(Pooled pooled, CancellationToken cancellationToken)
    {
        var idle = time.GetElapsedTime(pooled.IdleSince);
        if (!pooled.Connection.IsOpen
            || (config.MaxConnectionLifetime >= TimeSpan.Zero && time.GetElapsedTime(pooled.OpenedAt) > config.MaxConnectionLifetime)
            || (config.ConnectionIdleTimeout >= TimeSpan.Zero && idle > config.ConnectionIdleTimeout))
        {
            return false;
        }

        if (config.ConnectionLivenessThreshold is not { } threshold || idle < threshold) return true;
        try
        {
            await pooled.Connection.ResetAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Neo4jException e)
        {
            config.Logger.Debug("A connection to {0} died while idle: {1}", address, e.Message);
            return false;
        }
    }
}

/// <summary>A connection and its age.</summary>
internal sealed class Pooled(BoltConnection connection, long openedAt)
{
    public BoltConnection Connection { get; } = connection;

    public long OpenedAt { get; } = openedAt;

    public long IdleSince { get; set; }
}
