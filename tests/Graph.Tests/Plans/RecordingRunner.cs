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

    public ParameterRows NewRows(int capacity) => new DriverRows(capacity);

    public Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken)
    {
        Statements.Add(shape.Statement);
        Batches.Add(rows.Count);
        return Task.FromResult<IReadOnlyList<object?>>(shape.Answer switch
        {
            ShapeAnswer.Nothing => [],
            ShapeAnswer.Found => [0L],
            ShapeAnswer.FoundAndMoved => [0L, new List<object?>()],
            ShapeAnswer.Missing => [1L],
            // the first row's node is new, or was there: so what follows of either is asked for too
            ShapeAnswer.Values when shape.Text.EndsWith("AS moved", StringComparison.Ordinal) => [new List<object?> { 0L, -1L }],
            _ => [new List<object?>()],
        });
    }

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<object?>>([0L]);
}
