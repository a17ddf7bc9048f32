using System.Collections;

namespace PolyglotSync.Graph.Writing;

/// <summary>Operations of which this part writes some relationships only: those to parents in buckets that no other part of the round touches.</summary>
internal sealed class PartedOperations : IReadOnlyList<RowOperation>, IOperationSelection
{
    private readonly OperationBuffer _operations = new();
    private readonly List<ulong> _references = [];

    public int Count => _operations.Count;

    public RowOperation this[int index] => _operations[index];

    public ReadOnlyMemory<RowOperation> Memory => _operations.Memory;

    /// <param name="references">One bit for each of the table's references (join rows: any).</param>
    public void Add(in RowOperation operation, ulong references)
    {
        _operations.Add(operation);
        _references.Add(references);
    }

    public bool Holds(int operation, int reference) => (_references[operation] & (1UL << reference)) != 0;

    public IReadOnlyList<RowOperation> Select(IReadOnlyList<int> indexes)
    {
        var kept = new PartedOperations();
        foreach (var index in indexes) kept.Add(_operations[index], _references[index]);
        return kept;
    }

    public IEnumerator<RowOperation> GetEnumerator() => _operations.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
