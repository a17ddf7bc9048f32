using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Statements;

/// <summary>One statement of a transaction: an action on some rows at once.</summary>
internal sealed class RowStatement(LoadAction action)
{
    private readonly List<DrawnRow> _rows = [];

    public LoadAction Action { get; } = action;

    public int Count => _rows.Count;

    public void Add(in DrawnRow row) => _rows.Add(row);

    /// <summary>The numbers of all rows for one parameter.</summary>
    /// <param name="argument">0 for the first.</param>
    public long[] Column(int argument)
    {
        var values = new long[_rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = argument switch { 0 => _rows[i].A, 1 => _rows[i].B, _ => _rows[i].C };
        return values;
    }

    /// <summary><c>Update posts (7, 1), (9, 2)</c>.</summary>
    public override string ToString() => $"{Action.Kind} {Action.Table} {string.Join(", ",
        _rows.Select(r => $"({string.Join(", ", ((long[])[r.A, r.B, r.C]).Take(Action.Arguments))})"))}";
}
