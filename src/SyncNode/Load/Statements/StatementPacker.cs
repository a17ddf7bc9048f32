using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Statements;

/// <summary>
/// Packs the rows of a transaction into as few statements as their order allows: two rows of the same action share one unless something in between, or the same row twice, forbids it.
/// A row that is written comes after every earlier statement that writes it or refers to it; one that is referred to, after every earlier one that writes it.
/// </summary>
internal sealed class StatementPacker
{
    private readonly List<RowStatement> _statements = [];
    private readonly Dictionary<LoadAction, int> _newest = [];
    private readonly Dictionary<RowRef, int> _written = [];
    private readonly Dictionary<RowRef, int> _referred = [];

    public IReadOnlyList<RowStatement> Statements => _statements;

    public void Add(LoadAction action, in DrawnRow row)
    {
        var earliest = Math.Max(AfterAll(row.Row), Math.Max(row.MovedTo is { } to ? AfterAll(to) : 0, Math.Max(row.Parent is { } one ? AfterWrites(one) : 0, row.OtherParent is { } two ? AfterWrites(two) : 0)));
        if (!_newest.TryGetValue(action, out var at) || at < earliest)
        {
            at = _newest[action] = _statements.Count;
            _statements.Add(new RowStatement(action));
        }
        _statements[at].Add(row);
        Note(_written, row.Row, at);
        if (row.MovedTo is { } moved) Note(_written, moved, at);
        if (row.Parent is { } parent) Note(_referred, parent, at);
        if (row.OtherParent is { } other) Note(_referred, other, at);
    }

    private int AfterWrites(RowRef row) => _written.TryGetValue(row, out var at) ? at + 1 : 0;

    private int AfterAll(RowRef row) => Math.Max(AfterWrites(row), _referred.TryGetValue(row, out var at) ? at + 1 : 0);

    private static void Note(Dictionary<RowRef, int> last, RowRef row, int at) => last[row] = Math.Max(at, last.GetValueOrDefault(row));
}
