using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Capture;

/// <summary>The columns of each table's rows as the log of cuts has them so far: what differs is written there first. Pure.</summary>
/// <param name="known">What the log says at the cut that is resumed from, in its order.</param>
internal sealed class RelationBook(long epoch, IEnumerable<RelationRecord> known)
{
    private readonly Dictionary<TableName, Relation> _current = known.GroupBy(r => r.Table).ToDictionary(g => g.Key, g => g.Last().ToRelation());

    /// <summary>A change comes under these columns.</summary>
    /// <returns>What the log has to say; null where it does.</returns>
    public RelationRecord? Meet(Relation relation, long change, Position at)
    {
        if (_current.TryGetValue(relation.Table, out var current) && IsSame(current, relation)) return null;
        _current[relation.Table] = relation;
        return Record(relation, change, at, null);
    }

    /// <summary>The columns change, as an entry of its own.</summary>
    public IEnumerable<RelationRecord> Change(SchemaChange schema, long change, Position at)
    {
        // a table may have been copied without having a row: then nobody has heard of its columns yet
        if (Meet(schema.Before, change - 1, at) is { } before) yield return before;
        _current[schema.After.Table] = schema.After;
        yield return Record(schema.After, change, at, new ColumnsChange([.. schema.Renamed.Select(r => new ColumnRename(r.From, r.To))], schema.Dropped, schema.Added));
    }

    private RelationRecord Record(Relation relation, long change, Position at, ColumnsChange? changed) => new()
    {
        Epoch = epoch,
        Change = change,
        Table = relation.Table,
        At = at,
        Columns = relation.Columns,
        Key = [.. relation.KeyOrdinals.Select(k => relation.Columns[k].Name)],
        Changed = changed,
    };

    private static bool IsSame(Relation left, Relation right) =>
        ReferenceEquals(left, right) || (left.Columns.AsSpan().SequenceEqual(right.Columns) && left.KeyOrdinals.AsSpan().SequenceEqual(right.KeyOrdinals));
}
