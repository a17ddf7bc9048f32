namespace PolyglotSync.SyncNode.Load.Statements;

/// <summary>Rows of a set that a connection may choose from, in an order that only what it does changes: the first ones are the hot ones.</summary>
/// <param name="capacity">Rows it holds at the most. One more takes the place of any other, which is then left alone.</param>
/// <param name="countsParents">Whether it counts how many rows have the same second number.</param>
internal sealed class KeyPool(int capacity, bool countsParents)
{
    private readonly List<(long A, long B)> _rows = [];
    private readonly HashSet<(long A, long B)> _known = [];
    private readonly Dictionary<long, int> _children = [];

    public int Count => _rows.Count;

    public (long A, long B) this[int index] => _rows[index];

    public bool Contains(long a, long b) => _known.Contains((a, b));

    public bool HasChildren(long parent) => _children.ContainsKey(parent);

    public void Add(long a, long b, Random random)
    {
        if (!_known.Add((a, b))) return;
        CountChild(b, +1);
        if (_rows.Count < capacity)
        {
            _rows.Add((a, b));
            return;
        }
        var place = random.Next(capacity);
        Forget(_rows[place]);
        _rows[place] = (a, b);
    }

    /// <summary>The last row takes its place.</summary>
    public void RemoveAt(int index)
    {
        Forget(_rows[index]);
        _rows[index] = _rows[^1];
        _rows.RemoveAt(_rows.Count - 1);
    }

    /// <summary>The row keeps its place under other numbers.</summary>
    public void Replace(int index, long a, long b)
    {
        Forget(_rows[index]);
        _known.Add((a, b));
        CountChild(b, +1);
        _rows[index] = (a, b);
    }

    private void Forget((long A, long B) row)
    {
        _known.Remove(row);
        CountChild(row.B, -1);
    }

    private void CountChild(long parent, int change)
    {
        if (!countsParents) return;
        var children = _children.GetValueOrDefault(parent) + change;
        if (children == 0) _children.Remove(parent);
        else _children[parent] = children;
    }
}
