using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Rows of one table that are to come once more.</summary>
/// <param name="Keys">Their keys as texts, in key order.</param>
internal sealed record RowRequest(TableName Table, IReadOnlyList<string[]> Keys)
{
    public bool Equals(RowRequest? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>
/// What is asked for and has not come yet. A request stays until its rows stand in the stream, so that a run that is cut short is followed by one that reads them again; it waits until
/// its table is copied. Between the stream's task, which adds, and the run's, which reads.
/// </summary>
internal sealed class RowRequests
{
    private readonly Lock _lock = new();
    private readonly List<RowRequest> _waiting = [];
    private bool _isServed;

    /// <returns>False where no run will come to it: one has to be begun.</returns>
    public bool Add(RowRequest request)
    {
        lock (_lock)
        {
            _waiting.Add(request);
            return _isServed;
        }
    }

    /// <summary>The first request that can be served and is not among <paramref name="read"/>.</summary>
    public RowRequest? Next(CopyState state, IReadOnlySet<RowRequest> read)
    {
        lock (_lock) return First(state, read);
    }

    /// <param name="hasChunks">True where a run is needed for a copy.</param>
    /// <returns>Whether a run is needed; from now on it is taken for granted.</returns>
    public bool Begin(bool hasChunks, CopyState state)
    {
        lock (_lock) return _isServed = hasChunks || First(state, null) is not null;
    }

    /// <returns>False where something came in meanwhile.</returns>
    public bool TryEnd(CopyState state, IReadOnlySet<RowRequest> read)
    {
        lock (_lock)
        {
            if (First(state, read) is not null) return false;
            _isServed = false;
            return true;
        }
    }

    public void Done(RowRequest request)
    {
        lock (_lock) _waiting.Remove(request);
    }

    /// <summary>The table is gone.</summary>
    public void Drop(TableName table)
    {
        lock (_lock) _waiting.RemoveAll(r => r.Table == table);
    }

    private RowRequest? First(CopyState state, IReadOnlySet<RowRequest>? read) =>
        _waiting.Find(r => read?.Contains(r) != true && state[r.Table]?.Phase is CopyPhase.Done or CopyPhase.Refreshing);
}
