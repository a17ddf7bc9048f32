namespace Neo4j.Driver;

/// <summary>A thread of causally chained work on one database; not for use by several threads at once.</summary>
public interface IAsyncSession : IAsyncQueryRunner
{
    /// <summary>The state after the last transaction, for other sessions to wait for.</summary>
    Bookmarks LastBookmarks { get; }

    SessionConfig SessionConfig { get; }

    Task<IAsyncTransaction> BeginTransactionAsync();

    Task<IAsyncTransaction> BeginTransactionAsync(Action<TransactionConfigBuilder> action);

    /// <summary>Runs the work in a transaction, again when its error says that this may help, up to the driver's retry time.</summary>
    Task<TResult> ExecuteReadAsync<TResult>(
        Func<IAsyncQueryRunner, Task<TResult>> work, Action<TransactionConfigBuilder> action = null);

    /// <inheritdoc cref="ExecuteReadAsync{TResult}"/>
    Task ExecuteReadAsync(Func<IAsyncQueryRunner, Task> work, Action<TransactionConfigBuilder> action = null);

    /// <inheritdoc cref="ExecuteReadAsync{TResult}"/>
    Task<TResult> ExecuteWriteAsync<TResult>(
        Func<IAsyncQueryRunner, Task<TResult>> work, Action<TransactionConfigBuilder> action = null);

    /// <inheritdoc cref="ExecuteReadAsync{TResult}"/>
    Task ExecuteWriteAsync(Func<IAsyncQueryRunner, Task> work, Action<TransactionConfigBuilder> action = null);

    Task<IResultCursor> RunAsync(string query, Action<TransactionConfigBuilder> action = null);

    Task<IResultCursor> RunAsync(string query, IDictionary<string, object> parameters, Action<TransactionConfigBuilder> action = null);

    Task<IResultCursor> RunAsync(Query query, Action<TransactionConfigBuilder> action = null);

    Task CloseAsync();
}
