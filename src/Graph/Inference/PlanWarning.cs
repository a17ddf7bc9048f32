namespace PolyglotSync.Graph.Inference;

/// <summary>Something of the source that will not be in the graph, or not as one may expect.</summary>
/// <param name="Table">The table it is about.</param>
public sealed record PlanWarning(TableName Table, string Message)
{
    public override string ToString() => $"{Table}: {Message}";
}
