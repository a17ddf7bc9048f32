namespace Neo4j.Driver;

/// <summary>
/// Runs statements. The task ends when the statement is on its way; what is wrong with it shows when its cursor is read or consumed.
/// </summary>
public interface IAsyncQueryRunner : IAsyncDisposable, IDisposable
{
    Task<IResultCursor> RunAsync(string query);

    /// <param name="parameters">An object whose properties are the parameters.</param>
    Task<IResultCursor> RunAsync(string query, object parameters);

    Task<IResultCursor> RunAsync(string query, IDictionary<string, object> parameters);

    Task<IResultCursor> RunAsync(Query query);
}

/// <summary>An explicit transaction; disposing rolls an open one back.</summary>
public interface IAsyncTransaction : IAsyncQueryRunner
{
    TransactionConfig TransactionConfig { get; }

    /// <exception cref="TransactionTerminatedException">A statement failed before.</exception>
    Task CommitAsync();

    Task RollbackAsync();
}
