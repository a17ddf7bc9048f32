using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Takes each statement's rows, drops them, and answers that everything was found.</summary>
internal sealed class DiscardingRunner(bool isAtomic) : ICypherRunner
{
    public bool IsAtomic => isAtomic;

    public int BatchRows => isAtomic ? new LimitSettings().BatchRows : 1_000;

    public ParameterRows NewRows() => isAtomic ? new DriverRows() : new LiteralRows();

    public Task<IReadOnlyList<object?>> RunAsync(string shape, ParameterRows rows, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<object?>>([(long)rows.Count, Array.Empty<object>()]);

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<object?>>([]);
}
