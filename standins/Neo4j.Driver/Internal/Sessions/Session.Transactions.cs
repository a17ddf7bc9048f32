#nullable enable
namespace Neo4j.Driver.Internal.Sessions;

/// <summary>Explicit and managed transactions.</summary>
internal sealed partial class Session
{
    public Task<IAsyncTransaction> BeginTransactionAsync() => BeginTransactionAsync(null);

    public async Task<IAsyncTransaction> BeginTransactionAsync(Action<TransactionConfigBuilder>? action) =>
        await BeginAsync(config.DefaultAccessMode, TransactionConfigBuilder.Build(action)).ConfigureAwait(false);

    public Task<TResult> ExecuteReadAsync<TResult>(Func<IAsyncQueryRunner, Task<TResult>> work, Action<TransactionConfigBuilder>? action = null) =>
        ExecuteAsync(AccessMode.Read, work, action);

    public Task ExecuteReadAsync(Func<IAsyncQueryRunner, Task> work, Action<TransactionConfigBuilder>? action = null) =>
        ExecuteAsync(AccessMode.Read, Valued(work), action);

    public Task<TResult> ExecuteWriteAsync<TResult>(Func<IAsyncQueryRunner, Task<TResult>> work, Action<TransactionConfigBuilder>? action = null) =>
        ExecuteAsync(AccessMode.Write, work, action);

    public Task ExecuteWriteAsync(Func<IAsyncQueryRunner, Task> work, Action<TransactionConfigBuilder>? action = null) =>
        ExecuteAsync(AccessMode.Write, Valued(work), action);

    private static Func<IAsyncQueryRunner, Task<bool>> Valued(Func<IAsyncQueryRunner, Task> work) => async runner =>
    {
        await work(runner).ConfigureAwait(false);
        return true;
    };

    private Task<T> ExecuteAsync<T>(AccessMode mode, Func<IAsyncQueryRunner, Task<T>> work, Action<TransactionConfigBuilder>? action)
    {
        var settings = TransactionConfigBuilder.Build(action);
        return retries.RunAsync(() => TryAsync(mode, work, settings));
    }

    private async Task<T> TryAsync<T>(AccessMode mode, Func<IAsyncQueryRunner, Task<T>> work, TransactionConfig settings)
    {
        var transaction = await BeginAsync(mode, settings).ConfigureAwait(false);
        try
        {
            var result = await work(transaction).ConfigureAwait(false);
            if (transaction.IsOpen) await transaction.CommitAsync().ConfigureAwait(false);
            return result;
        }
        catch
        {
            if (transaction.IsOpen) await transaction.RollbackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Transaction> BeginAsync(AccessMode mode, TransactionConfig settings)
    {
        var lease = await AcquireAsync(mode).ConfigureAwait(false);
        var transaction = new Transaction(lease, settings, fetchSize, EndAsync);
        await transaction.BeginAsync(StartMetadata.Of(lease, mode, config, settings, LastBookmarks)).ConfigureAwait(false);
        return _transaction = transaction;
    }
}
