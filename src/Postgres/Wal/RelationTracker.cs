using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>A table's columns became others: what the consumer is told, and whether the rows that are there must be read again.</summary>
internal sealed record Reshape(TableName Table, SchemaChange Change, bool IsRefreshed);

/// <summary>
/// Follows the shapes of the mapping's tables. It begins with the shapes that the rows in the graph were written under (else the catalog's), and hears of
/// others from the stream's relation messages or, where no row follows a change, from a look at the catalog (<see cref="ShapeWatch"/>).
/// </summary>
internal sealed class RelationTracker(
    SideConnection source, GraphMapping mapping, TypeCatalog types, IReadOnlyDictionary<TableName, CatalogTable> catalog, CopyState state)
{
    private readonly Dictionary<TableName, Known> _known = mapping.Tables
        .Where(t => catalog.ContainsKey(t.Table) || state[t.Table]?.Shape is not null)
        .ToDictionary(t => t.Table, t => First(t, catalog.GetValueOrDefault(t.Table), state[t.Table], types));

    private TypeCatalog _types = types;

    /// <summary>The relation in force at the place that the stream has reached.</summary>
    public Relation Current(TableName table) => Get(table).Relation;

    /// <summary>The same with the shape that it was made of.</summary>
    public (Relation Relation, TableShape Shape) Both(TableName table)
    {
        var known = Get(table);
        return (known.Relation, known.Shape);
    }

    public bool IsMapped(TableName table)
    {
        lock (_known) return _known.ContainsKey(table);
    }

    /// <summary>The stream announces a table's columns.</summary>
    /// <returns>What changed; null where they are as known.</returns>
    /// <exception cref="PipelineFailure">Fatal: the key is affected.</exception>
    public async Task<Reshape?> AnnounceAsync(RelationShape announced, CancellationToken cancellationToken)
    {
        var table = new TableName(announced.Schema, announced.Name);
        var known = Get(table);
        var isKnown = known.Shape.IsAnnouncedBy(announced);
        if (isKnown && HoldsKey(announced, table)) return null;
        var now = await ReadAsync(table, announced.Columns.Select(c => c.Type), cancellationToken);
        RequireIdentity(announced, table, now);
        return isKnown ? null : Change(table, known, ShapeDifference.Numbered(announced, known.Shape, now is null ? null : TableShape.Of(now)), now);
    }

    /// <summary>The stream has come to a place before which the catalog said <paramref name="seen"/>, and it has not been told so.</summary>
    /// <returns>What changed; null where nothing did, or where the table has changed again since: then a later look tells.</returns>
    /// <exception cref="PipelineFailure">Fatal: the key is affected. Transient: the table was made anew, which opening the stream again takes care of.</exception>
    public async Task<Reshape?> CatchUpAsync(TableName table, string seen, CancellationToken cancellationToken)
    {
        var known = Get(table);
        if (known.Shape.ToString() == seen) return null;
        var after = TableShape.Parse(seen);
        if (after.Oid != known.Shape.Oid)
            throw new PipelineFailure(FailureClass.Transient, $"source {source.Where}: table {table} was dropped and made anew; it is copied again");
        var now = await ReadAsync(table, after.Columns.Select(c => c.Type), cancellationToken);
        return now is null || TableShape.Of(now).ToString() != seen ? null : Change(table, known, after, now);
    }

    private static Known First(TableMapping map, CatalogTable? table, TableCopy? kept, TypeCatalog types)
    {
        var current = table is null ? null : TableShape.Of(table);
        var shape = kept?.Shape is { } text ? TableShape.Parse(text) : current!;
        // A table made anew begins with what it is now.
        if (current is not null && current.Oid != shape.Oid) shape = current;
        else if (kept?.Key is { } key && !key.SequenceEqual(map.Key)) throw KeyChanged(map, key);
        if (map.Key.FirstOrDefault(k => shape.Find(k) is null) is { } missing) throw KeyGone(map.Table, missing);
        return new Known(shape, ToRelation(map, shape, table, types));
    }

    private Reshape? Change(TableName table, Known known, TableShape after, CatalogTable? now)
    {
        var map = mapping.Find(table)!;
        var difference = ShapeDifference.Between(known.Shape, after);
        CheckKey(map, known.Shape, after, difference);
        var relation = ToRelation(map, after, now, _types);
        if (difference.IsEmpty && relation.Columns.SequenceEqual(known.Relation.Columns)) relation = known.Relation;
        lock (_known) _known[table] = new Known(after, relation);
        if (difference.IsEmpty) return null;
        var change = new SchemaChange(known.Relation, relation, [.. difference.Renamed.Select(r => (r.From.Name, r.To.Name))],
            [.. difference.Dropped.Select(c => c.Name)], [.. difference.Added.Select(c => c.Name)]);
        return new Reshape(table, change, IsRefreshed(map, difference, now));
    }

    /// <summary>True where rows that are there may print otherwise than the graph has them, though the log tells nothing of them.</summary>
    private static bool IsRefreshed(TableMapping map, ShapeDifference difference, CatalogTable? now)
    {
        var takesNew = map is NodeMapping { IncludesNewColumns: true } or JoinMapping { IncludesNewColumns: true };
        return difference.Retyped.Any(r => IsMapped(r.To) && !IsWidened(r.From, r.To))
            || difference.Added.Any(a => IsMapped(a) && now?.Columns.FirstOrDefault(c => c.Schema.Name == a.Name) is not { MayHoldValue: false })
            // Properties listed by hand have the new name already: nothing carries the old one's values over.
            || (!takesNew && difference.Renamed.Any(r => IsMapped(r.To)));

        bool IsMapped(TableColumn column) => takesNew || map.Properties.Any(p => p.Column == column.Name)
            || (map is NodeMapping node && node.Relationships.Any(r => r.ForeignKey.Columns.Contains(column.Name)));

        // varchar(10) to varchar(20) or to no limit rewrites nothing.
        static bool IsWidened(TableColumn from, TableColumn to) =>
            from.Type == 1043 && to.Type == 1043 && (to.Modifier < 0 || (from.Modifier >= 0 && to.Modifier >= from.Modifier));
    }

    private void CheckKey(TableMapping map, TableShape before, TableShape after, ShapeDifference difference)
    {
        foreach (var name in map.Key)
        {
            if (after.Find(name) is not { } column || difference.Added.Contains(column)) throw KeyGone(map.Table, name);
            if (before.Find(name) is not { } old) throw KeyGone(map.Table, name);
            var (from, to) = (_types.Resolve(old.Type, old.Modifier), _types.Resolve(column.Type, column.Modifier));
            if (from.Kind == to.Kind) continue;
            throw SourceFailure.Unfit($"table {map.Table}: the type of its key column '{name}' changed from {from.Name} to {to.Name}; "
                + SourceFailure.CopyAgain);
        }
    }

    private static PipelineFailure KeyGone(TableName table, string column) => SourceFailure.Unfit(
        $"table {table}: its key column '{column}' was dropped or renamed (or is new under this name), so its nodes can no longer be told apart; {SourceFailure.CopyAgain}");

    private static PipelineFailure KeyChanged(TableMapping map, IReadOnlyList<string> key) => SourceFailure.Unfit(
        $"table {map.Table}: its nodes were told apart by ({string.Join(", ", key)}) and now would be by ({string.Join(", ", map.Key)}), since the primary key or the manifest changed: "
        + $"name the old key in the manifest; or, to go over to the new one: {SourceFailure.CopyAgain}");

    private bool HoldsKey(RelationShape announced, TableName table) =>
        mapping.Find(table)!.Key.All(k => announced.Columns.Any(c => c.Name == k && c.IsIdentity));

    /// <summary>Where the identity is of other columns, deletes and key changes do not say which row they are of.</summary>
    private void RequireIdentity(RelationShape announced, TableName table, CatalogTable? now)
    {
        var key = mapping.Find(table)!.Key;
        // A table without any identity sends no updates and deletes; it may be between two statements of a migration.
        var identity = announced.Columns.Any(c => c.IsIdentity)
            ? [.. announced.Columns.Where(c => c.IsIdentity).Select(c => c.Name)] : now?.Schema.IdentityColumns ?? key;
        // A key column that is gone has a message of its own.
        if (key.Any(k => !identity.Contains(k)) && key.All(k => announced.Columns.Any(c => c.Name == k))) throw IdentityGone(table, key, identity);
    }

    private static PipelineFailure IdentityGone(TableName table, IReadOnlyList<string> key, IReadOnlyList<string> identity) => SourceFailure.Unfit(
        $"table {table}: its primary key or replica identity is now ({string.Join(", ", identity)}) and no longer holds the key of its nodes ({string.Join(", ", key)}): name that key in "
        + $"the manifest and run ALTER TABLE {table.Quoted} REPLICA IDENTITY FULL; or, to go over to the new key: {SourceFailure.CopyAgain}");

    private async Task<CatalogTable?> ReadAsync(TableName table, IEnumerable<uint> columnTypes, CancellationToken cancellationToken)
    {
        if (columnTypes.Any(t => !_types.Knows(t))) _types = await TypeCatalog.LoadAsync(source, cancellationToken);
        return await new CatalogReader(source).ReadTableAsync(table, _types, cancellationToken);
    }

    private static Relation ToRelation(TableMapping map, TableShape shape, CatalogTable? table, TypeCatalog types) => new(map.Table,
        [.. shape.Columns.Select(c => new RelationColumn(c.Name, table?.Columns.FirstOrDefault(t => t.TypeOid == c.Type && t.Modifier == c.Modifier)?.Schema.Type
            ?? types.Resolve(c.Type, c.Modifier)))], map.Key);

    private Known Get(TableName table)
    {
        lock (_known) return _known[table];
    }

    private sealed record Known(TableShape Shape, Relation Relation);
}
