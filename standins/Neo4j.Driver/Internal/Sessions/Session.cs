#nullable enable
using Neo4j.Driver.Internal.Pooling;
using Neo4j.Driver.Internal.Results;

namespace Neo4j.Driver.Internal.Sessions;

internal sealed partial class Session(IConnectionSource source, SessionConfig config, long fetchSize, RetryPolicy retries) : QueryRunner, IAsyncSession
{
    private Lease? _lease;
    private Transaction? _transaction;
    private ResultCursor? _result;
    private string? _database = config.Database;
    private bool _isOpen = true;

    public Bookmarks? LastBookmarks { get; private set; } = config.Bookmarks == null ? null : Bookmarks.From(config.Bookmarks);

    public SessionConfig SessionConfig => config;

    public Task<IResultCursor> RunAsync(string query, Action<TransactionConfigBuilder>? action) => RunAsync(new Query(query), action);

    public Task<IResultCursor> RunAsync(string query, IDictionary<string, object?> parameters, Action<TransactionConfigBuilder>? action) =>
        RunAsync(new Query(query, parameters), action);

    public override Task<IResultCursor> RunAsync(Query query) => RunAsync(query, null);

    public async Task<IResultCursor> RunAsync(Query query, Action<TransactionConfigBuilder>? action)
    {
        var lease = await AcquireAsync(config.DefaultAccessMode).ConfigureAwait(false);
        var extra = StartMetadata.Of(lease, config.DefaultAccessMode, config, TransactionConfigBuilder.Build(action), LastBookmarks);
        var stream = new ResultStream(query, lease, fetchSize, (metadata, _) => EndAsync(metadata?.GetValueOrDefault("bookmark") as string), static () => { });
        try
        {
            await stream.StartAsync(extra).ConfigureAwait(false);
        }
        catch
        {
            await ReturnLeaseAsync().ConfigureAwait(false);
            throw;
        }

        return _result = new ResultCursor(stream);
    }

    public async Task CloseAsync()
    {
        if (!_isOpen) return;
        _isOpen = false;
        try
        {
            if (_transaction is { IsOpen: true } open) await open.RollbackAsync().ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            throw new ClientException(e.Code, $"Error when disposing unclosed transaction in session: {e.Message}", e);
        }
        finally
        {
            await DisposeResultAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task<Lease> AcquireAsync(AccessMode mode)
    {
        if (!_isOpen) throw new ClientException("Cannot run more queries in the current session as it has already been disposed.");
        if (_transaction is { IsOpen: true })
        {
            throw new TransactionNestingException("A session can only have a single transaction open at a time; commit or roll back the previous one first.");
        }

        await DisposeResultAsync().ConfigureAwait(false);
        _lease = await source.AcquireAsync(mode, _database, config.ImpersonatedUser, LastBookmarks?.Values ?? []).ConfigureAwait(false);
        _database = _lease.Database;
        return _lease;
    }

    private async Task DisposeResultAsync()
    {
        try
        {
            var result = _result;
            _result = null;
            if (result != null) await result.ConsumeAsync().ConfigureAwait(false);
        }
        finally
        {
            await ReturnLeaseAsync().ConfigureAwait(false);
        }
    }

    private async Task EndAsync(string? bookmark)
    {
        if (!string.IsNullOrEmpty(bookmark)) LastBookmarks = Bookmarks.From(bookmark);
        await ReturnLeaseAsync().ConfigureAwait(false);
    }

    private Task ReturnLeaseAsync()
    {
        var lease = _lease;
        _lease = null;
        return lease?.ReturnAsync() ?? Task.CompletedTask;
    }
}
