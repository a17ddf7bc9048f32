using System.Buffers;
using System.Collections;

namespace PolyglotSync.Contracts;

/// <summary>
/// Operations in one pooled array: 80 bytes each, so tens of thousands of them are megabytes that a list would allocate anew with every drain. Not thread-safe; whoever has it last
/// gives the array back by <see cref="Release"/>, or leaves it to the garbage collector.
/// </summary>
public sealed class OperationBuffer : IReadOnlyList<RowOperation>
{
    private RowOperation[] _operations;

    /// <param name="capacity">Operations that it holds without growing.</param>
    public OperationBuffer(int capacity = 0) => _operations = capacity == 0 ? [] : ArrayPool<RowOperation>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public ReadOnlySpan<RowOperation> Span => _operations.AsSpan(0, Count);

    /// <summary>Valid until the next operation is added, or until the release.</summary>
    public ReadOnlyMemory<RowOperation> Memory => _operations.AsMemory(0, Count);

    public RowOperation this[int index] => Span[index];

    /// <summary>The operations as memory; copied where they are neither a buffer nor an array.</summary>
    public static ReadOnlyMemory<RowOperation> MemoryOf(IReadOnlyList<RowOperation> operations) => operations switch
    {
        OperationBuffer buffer => buffer.Memory,
        RowOperation[] array => array,
        _ => operations.ToArray(),
    };

    public void Add(in RowOperation operation)
    {
        if (Count == _operations.Length) Grow(Count + 1);
        _operations[Count++] = operation;
    }

    public void AddRange(IReadOnlyList<RowOperation> operations)
    {
        if (Count + operations.Count > _operations.Length) Grow(Count + operations.Count);
        MemoryOf(operations).Span.CopyTo(_operations.AsSpan(Count));
        Count += operations.Count;
    }

    /// <summary>Empties it; the array goes back to the pool. It may be filled again.</summary>
    public void Release()
    {
        var operations = _operations;
        var count = Count;
        (_operations, Count) = ([], 0);
        if (operations.Length == 0) return;
        // they refer to images
        operations.AsSpan(0, count).Clear();
        ArrayPool<RowOperation>.Shared.Return(operations);
    }

    public IEnumerator<RowOperation> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _operations[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Grow(int needed)
    {
        var larger = ArrayPool<RowOperation>.Shared.Rent(Math.Max(needed, Math.Max(_operations.Length * 2, 16)));
        Span.CopyTo(larger);
        var count = Count;
        Release();
        (_operations, Count) = (larger, count);
    }
}
