namespace PolyglotSync.Contracts;

public enum RowOperationKind : byte
{
    /// <summary>A row that is known not to be in the graph, whole: may be a CREATE.</summary>
    Insert,
    /// <summary>A row that may or may not be there: MERGE; sent columns are set, relationships made to match.</summary>
    Upsert,
    /// <summary>A row that is known to be there: sent columns are set. With <see cref="RowOperation.Old"/> of another key: the node is re-keyed.</summary>
    Update,
    /// <summary>A row that goes (where it is there).</summary>
    Delete,
}

/// <summary>
/// The net effect of a span of the log on one row: what a writer turns into node and relationship writes. At most one for a row in a write set,
/// save that a key may be deleted and inserted (another row took it): deletes come first.
/// </summary>
/// <param name="New">The final image; none for Delete. Columns not sent keep what the graph has.</param>
/// <param name="Old">The image whose key the row has in the graph now: for Delete always, for Update and Upsert only where known (key change, identity FULL).</param>
/// <param name="OldImage">What <paramref name="Old"/> holds.</param>
/// <param name="OldRelation">The relation that <paramref name="Old"/> was written under; same table.</param>
/// <param name="Bucket">The bucket whose entity actor ordered it.</param>
/// <param name="Changes">Source changes it stands for, 1 or more.</param>
public readonly record struct RowOperation(
    RowOperationKind Kind, Relation Relation, ImageRef New, Relation OldRelation, ImageRef Old, OldImage OldImage,
    Position Position, int Bucket, int Changes);
