using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Measures;

/// <summary>How far a first copy is, as status shows it.</summary>
internal static class CopyView
{
    /// <summary>True until each table is copied; before anything is known of them, too.</summary>
    public static bool IsUnderWay(CopyState copy) => copy.Tables.Count == 0 || copy.Tables.Values.Any(t => t.Phase != CopyPhase.Done);

    /// <summary>True while rows are missing that were there before it began. A table that is read again for a new column has all of them.</summary>
    public static bool MissesRows(CopyState copy) => copy.Tables.Values.Any(t => t.Phase is CopyPhase.Pending or CopyPhase.Copying);

    // Arrays: what a collection expression makes of an interface cannot be serialized.
    public static TableCopyStatus[] Of(CopyState copy) => copy.Tables.OrderBy(t => t.Key, StringComparer.Ordinal)
        .Select(t => new TableCopyStatus(t.Key, t.Value.Phase.ToString().ToLowerInvariant(), t.Value.Rows, t.Value.EstimatedRows)).ToArray();
}
