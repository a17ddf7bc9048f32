using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Takes each statement's rows, drops them, and answers that everything was found.</summary>
internal sealed class DiscardingRunner : ICypherRunner, IDisposable
{
    private static readonly int DriverBatchRows = new LimitSettings().BatchRows;

    private readonly bool _isAtomic;
    private readonly LiteralBuffer _literal = new();
    private readonly LiteralRows _rows;

    public DiscardingRunner(bool isAtomic)
    {
        _isAtomic = isAtomic;
        _rows = new LiteralRows(_literal);
    }

    public bool IsAtomic => _isAtomic;

    public int BatchRows => _isAtomic ? DriverBatchRows : 1_000;

    public ParameterRows NewRows(int capacity)
    {
        if (_isAtomic) return new DriverRows(capacity);
        _literal.Clear();
        return _rows.Restart();
    }

    public Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<object?>>([(long)rows.Count, Array.Empty<object>()]);

    public void Dispose() => _literal.Dispose();

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<object?>>([]);
}
