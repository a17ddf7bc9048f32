#nullable enable
using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.Pooling;
using Neo4j.Driver.Internal.Results;

namespace Neo4j.Driver.Internal.Sessions;

/// <summary>
/// An explicit transaction. It is over at its first error: the server has rolled back, so the connection goes back at once.
/// <paramref name="over"/> gets the bookmark of a commit, else null.
/// </summary>
internal sealed class Transaction(Lease lease, TransactionConfig config, long fetchSize, Func<string?, Task> over) : QueryRunner, IAsyncTransaction
{
    private readonly List<ResultCursor> _results = [];
    private State _state = State.Open;
    private Neo4jException? _error;

    private enum State
    {
        Open,
        Committed,
        RolledBack,
        Failed,
    }

    public TransactionConfig TransactionConfig => config;

    public bool IsOpen => _state == State.Open;

    public async Task BeginAsync(Dictionary<string, object?> extra)
    {
        try
        {
            await lease.Connection.AskAsync(MapRequest.Begin(extra)).ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            throw await FailAsync(lease.Translate(e)).ConfigureAwait(false);
        }
    }

    public override async Task<IResultCursor> RunAsync(Query query)
    {
        EnsureOpen("run query in");
        var stream = new ResultStream(
            query, lease, fetchSize, (_, error) => error == null ? Task.CompletedTask : FailAsync(error), EnsureNotFailed);
        await stream.StartAsync([]).ConfigureAwait(false);
        var cursor = new ResultCursor(stream);
        _results.Add(cursor);
        return cursor;
    }

    public async Task CommitAsync()
    {
        EnsureOpen("commit");
        await ConsumeResultsAsync().ConfigureAwait(false);
        EnsureNotFailed();
        try
        {
            var metadata = await lease.Connection.AskAsync(Request.Commit).ConfigureAwait(false);
            _state = State.Committed;
            await over(metadata.GetValueOrDefault("bookmark") as string).ConfigureAwait(false);
        }
        catch (Neo4jException e) when (_state == State.Open)
        {
            throw await FailAsync(lease.Translate(e)).ConfigureAwait(false);
        }
    }

    public async Task RollbackAsync()
    {
        if (_state == State.Failed) return;
        EnsureOpen("rollback");
        try
        {
            await ConsumeResultsAsync().ConfigureAwait(false);
            if (_state == State.Failed) return;
            await lease.Connection.AskAsync(Request.Rollback).ConfigureAwait(false);
            _state = State.RolledBack;
            await over(null).ConfigureAwait(false);
        }
        catch (Neo4jException e) when (_state == State.Open)
        {
            throw await FailAsync(lease.Translate(e)).ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (IsOpen) await RollbackAsync().ConfigureAwait(false);
    }

    private async Task ConsumeResultsAsync()
    {
        foreach (var result in _results) await result.ConsumeAsync().ConfigureAwait(false);
    }

    private async Task<Neo4jException> FailAsync(Neo4jException error)
    {
        if (_state != State.Open) return error;
        (_state, _error) = (State.Failed, error);
        await over(null).ConfigureAwait(false);
        return error;
    }

    private void EnsureNotFailed()
    {
        if (_error != null) throw new TransactionTerminatedException(_error);
    }

    private void EnsureOpen(string deed)
    {
        EnsureNotFailed();
        if (_state == State.Open) return;
        var end = _state == State.Committed ? "committed" : "rolled back";
        throw new TransactionClosedException($"Cannot {deed} this transaction, because it has already been {end}.");
    }
}
