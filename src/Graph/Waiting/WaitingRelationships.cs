using System.Collections.Immutable;

namespace PolyglotSync.Graph.Waiting;

/// <summary>
/// The relationships of which some wait for a node that is not in the graph yet (a parent written later than its child: foreign keys not enforced). Stored in the state
/// node, in the transaction that left them out; while a relationship is among them, each new node that it could lead to is looked up from the other side. May be used by several writers at once.
/// </summary>
internal sealed class WaitingRelationships
{
    private ImmutableHashSet<string> _names = [];
    private ImmutableHashSet<string> _indexed = [];

    /// <summary>Names as <see cref="NameOf"/> makes them.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>How far the copy was when the state was last read or written.</summary>
    public CopyState Copy { get; set; } = CopyState.Empty;

    public static string NameOf(TableName table, string type) => $"{table} {type}";

    public void Load(IEnumerable<string> names) => _names = [.. names];

    /// <summary>After the commit that stored them.</summary>
    public void Add(IReadOnlyCollection<string> names)
    {
        if (names.Count > 0) ImmutableInterlocked.Update(ref _names, (known, more) => known.Union(more), names);
    }

    public bool IsIndexed(string name) => _indexed.Contains(name);

    public void SetIndexed(string name) => ImmutableInterlocked.Update(ref _indexed, (known, one) => known.Add(one), name);

    /// <summary>
    /// True where the rows of the child's table will all be read once more when the parents are there: in a first copy of tables in a circle. Then nothing waits.
    /// </summary>
    public static bool IsReadAgain(CopyState copy, TableName child, TableName parent) => copy[child] switch
    {
        { Phase: CopyPhase.Pending or CopyPhase.Copying } => copy[parent] is { Phase: CopyPhase.Pending or CopyPhase.Copying },
        { Phase: CopyPhase.Refreshing, Cursor: null } => true,
        _ => false,
    };
}
