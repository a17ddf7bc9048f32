namespace PolyglotSync.Graph.Writing;

/// <summary>Rows whose values cannot be written; all of a set are found before the set is given up.</summary>
internal sealed class GuiltyRows
{
    private readonly SortedDictionary<int, string> _reasons = [];

    public bool Any => _reasons.Count > 0;

    public void Add(int operation, TableName table, string column, string type) =>
        _reasons.TryAdd(operation, $"{table}.{column}: the value is not one of type {type} that the graph can hold; write the column as text in the manifest, or leave it out");

    public PipelineFailure ToFailure() =>
        new(FailureClass.Poison, _reasons.First().Value + (_reasons.Count > 1 ? $" (and {_reasons.Count - 1} more rows)" : "")) { Guilty = [.. _reasons.Keys] };
}
