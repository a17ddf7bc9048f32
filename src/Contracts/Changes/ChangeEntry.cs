namespace PolyglotSync.Contracts;

public enum ChangeKind : byte
{
    /// <summary>A row that was not there; its new image is whole.</summary>
    Insert,
    /// <summary>A row that was there. Columns of the new image may be 'not sent' (unchanged TOAST). The old image is present where the key changed or the replica identity sends it.</summary>
    Update,
    /// <summary>A row goes; the old image holds at least its key.</summary>
    Delete,
    /// <summary>All rows of the table go; no image.</summary>
    Truncate,
    /// <summary>A row as a chunk of a copy read it.</summary>
    Copy,
    /// <summary>The table's columns changed; <see cref="ChangeBatch.SchemaChanges"/> holds what, at <see cref="ChangeEntry.Old"/> as index.</summary>
    Schema,
}

/// <summary>Which columns an old image holds.</summary>
public enum OldImage : byte { None, Key, Full }

/// <summary>One change in a <see cref="ChangeBatch"/>: 40 bytes, images by offset into the batch's buffer (-1: none).</summary>
/// <param name="ExistenceUnknown">True where the row may or may not be in the graph already (a copy whose key order cannot be compared, a
/// refresh, a replay): it must be written by an upsert, not as a known insert or update.</param>
public readonly record struct ChangeEntry(
    ChangeKind Kind, OldImage OldImage, bool ExistenceUnknown, Relation Relation, int New, int Old, Position Position);

/// <summary>How a table's columns changed, by attribute number: a rename keeps it.</summary>
/// <param name="Renamed">Old name, new name.</param>
public sealed record SchemaChange(
    Relation Before, Relation After, IReadOnlyList<(string From, string To)> Renamed, IReadOnlyList<string> Dropped, IReadOnlyList<string> Added);
