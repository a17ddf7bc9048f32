namespace PolyglotSync.Graph.Writing;

/// <summary>Rows whose values cannot be written; all of a set are found before the set is given up.</summary>
internal sealed class GuiltyRows
{
    private readonly SortedDictionary<int, string> _reasons = [];

    public bool Any => _reasons.Count > 0;

    public void Add(int operation, TableName table, string column, string reason) => _reasons.TryAdd(operation, $"{table}.{column}: {reason}");

    public PipelineFailure ToFailure() =>
        new(FailureClass.Poison, _reasons.First().Value + (_reasons.Count > 1 ? $" (and {_reasons.Count - 1} more rows)" : "")) { Guilty = [.. _reasons.Keys] };
}
