namespace PolyglotSync.Contracts;

/// <summary>
/// How far the first copy (or a refresh) of each table has come. Stored with the position in the target, in the same transaction as the rows,
/// so both always agree. Immutable.
/// </summary>
public sealed record CopyState(IReadOnlyDictionary<string, TableCopy> Tables)
{
    public static readonly CopyState Empty = new(new Dictionary<string, TableCopy>());

    public TableCopy? this[TableName table] => Tables.GetValueOrDefault(table.ToString());

    public CopyState With(TableName table, TableCopy copy) =>
        new(new Dictionary<string, TableCopy>(Tables) { [table.ToString()] = copy });
}

public enum CopyPhase : byte
{
    /// <summary>Nothing of the table is in the graph yet.</summary>
    Pending,
    /// <summary>Chunks are being read for the first time.</summary>
    Copying,
    /// <summary>All rows are in; they are read once more as upserts: relationships to rows of the same or a later table
    /// (self-references, circles of foreign keys), or an added column whose default wrote no WAL.</summary>
    Refreshing,
    Done,
}

/// <param name="Cursor">The key of the last row taken over, as text by column; null before the first chunk.</param>
/// <param name="Rows">Rows taken over in this phase so far.</param>
/// <param name="EstimatedRows">The planner's estimate when the copy of the table began.</param>
/// <param name="Shape">The columns that the table's rows in the graph were last written under, in the source's own notation: so a change of columns
/// is noticed even where it happened while nobody read the log. Null before the first chunk.</param>
/// <param name="Key">The columns that its nodes are told apart by; null before the first chunk.</param>
/// <param name="IsStale">True where the columns changed behind the cursor: once copied, all rows are read again.</param>
public sealed record TableCopy(
    CopyPhase Phase, IReadOnlyList<string>? Cursor, long Rows, long EstimatedRows, string? Shape = null, IReadOnlyList<string>? Key = null,
    bool IsStale = false);
