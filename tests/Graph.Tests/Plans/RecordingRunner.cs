using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Tests.Plans;

/// <summary>Runs nothing: remembers each statement over rows, and answers that nothing was found.</summary>
internal sealed class RecordingRunner(bool isAtomic) : ICypherRunner
{
    public HashSet<string> Statements { get; } = [];

    /// <summary>Rows of each statement that ran.</summary>
    public List<int> Batches { get; } = [];

    public bool IsAtomic => isAtomic;

    public int BatchRows => 1_000;

    public ParameterRows NewRows() => new DriverRows();

    public Task<IReadOnlyList<object?>> RunAsync(string shape, ParameterRows rows, CancellationToken cancellationToken)
    {
        Statements.Add($"UNWIND $rows AS r {shape}");
        Batches.Add(rows.Count);
        return Task.FromResult<IReadOnlyList<object?>>(shape.Contains(" RETURN collect(", StringComparison.Ordinal) ? [new List<object?>()]
            : shape.Contains(" RETURN ", StringComparison.Ordinal) ? [IsMissing(shape) ? 1L : 0L, new List<object?>()] : []);
    }

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<object?>>([0L]);

    /// <summary>The shape that counts what is missing, not what is found.</summary>
    private static bool IsMissing(string shape) => shape.Contains("count(CASE WHEN p IS NULL", StringComparison.Ordinal);
}
