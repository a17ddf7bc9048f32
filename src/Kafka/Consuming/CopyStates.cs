namespace PolyglotSync.Kafka.Consuming;

/// <summary>Each cut says how far the copy is, mostly what the one before it said: the graph is told only where it moved.</summary>
internal static class CopyStates
{
    public static bool Same(CopyState one, CopyState other) => ReferenceEquals(one, other) || (one.Tables.Count == other.Tables.Count
        && one.Tables.All(t => other.Tables.TryGetValue(t.Key, out var same) && Same(t.Value, same)));

    private static bool Same(TableCopy one, TableCopy other) => Same(one.Cursor, other.Cursor) && Same(one.Key, other.Key)
        && one with { Cursor = null, Key = null } == other with { Cursor = null, Key = null };

    private static bool Same(IReadOnlyList<string>? one, IReadOnlyList<string>? other) => one is null || other is null ? one is null && other is null : one.SequenceEqual(other);
}
