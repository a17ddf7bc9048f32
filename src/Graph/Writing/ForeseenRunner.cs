namespace PolyglotSync.Graph.Writing;

/// <summary>Runs nothing: keeps the statements of a set and answers each as nearly always, so that they may be sent all at once.</summary>
internal sealed class ForeseenRunner(int batchRows) : ICypherRunner
{
    private static readonly IReadOnlyList<object?> NoneMissing = [0L];
    private static readonly object[] NoneMoved = [];

    private readonly List<ForeseenStatement> _statements = [];

    public bool IsAtomic => true;

    public int BatchRows => batchRows;

    public IReadOnlyList<ForeseenStatement> Statements => _statements;

    /// <summary>False where a statement's answer decides what comes next and cannot be foreseen.</summary>
    public bool IsWhole { get; private set; } = true;

    public ParameterRows NewRows(int capacity) => new DriverRows(capacity);

    public Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken)
    {
        _statements.Add(new ForeseenStatement(shape, ((DriverRows)rows).Rows));
        return Task.FromResult(Answer(shape, rows.Count));
    }

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken)
    {
        IsWhole = false;
        return Task.FromResult<IReadOnlyList<object?>>([]);
    }

    private IReadOnlyList<object?> Answer(CypherShape shape, int rows)
    {
        switch (shape.Answer)
        {
            case ShapeAnswer.Nothing: return [];
            case ShapeAnswer.Found: return [(long)rows];
            case ShapeAnswer.FoundAndMoved: return [(long)rows, NoneMoved];
            case ShapeAnswer.Missing: return NoneMissing;
            case ShapeAnswer.Values:
                IsWhole = false;
                return [];
            default: throw new InvalidOperationException($"not an answer: {shape.Answer}");
        }
    }
}

internal readonly record struct ForeseenStatement(CypherShape Shape, List<object> Rows);
