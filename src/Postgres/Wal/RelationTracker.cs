using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Follows the shapes of the mapping's tables: gives a relation for each announced shape, and says what changed from the one before. Which old
/// column a new name belongs to is decided by the attribute number where the catalog still knows both, else by the place among the columns that stayed.
/// </summary>
internal sealed class RelationTracker(
    SideConnection source, GraphMapping mapping, TypeCatalog types, IReadOnlyDictionary<TableName, CatalogTable> catalog)
{
    private readonly Dictionary<TableName, Relation> _current = mapping.Tables
        .ToDictionary(t => t.Table, t => FromCatalog(catalog[t.Table], t.Key));

    private readonly Dictionary<TableName, Dictionary<string, int>> _numbers = catalog
        .ToDictionary(t => t.Key, t => t.Value.Columns.ToDictionary(c => c.Schema.Name, c => c.Schema.AttributeNumber));

    private TypeCatalog _types = types;

    /// <summary>The relation in force for reading the table: the catalog's until the stream announces a change.</summary>
    public Relation Current(TableName table)
    {
        lock (_current) return _current[table];
    }

    public bool IsMapped(TableName table) => mapping.Find(table) is not null;

    /// <param name="before">The shape announced before in this stream; null where this is the first.</param>
    /// <returns>The relation, and the change to tell the consumer (none at the first announcement: the target compiles against the catalog).</returns>
    /// <exception cref="PipelineFailure">Fatal: the key is affected.</exception>
    public async Task<(Relation Relation, SchemaChange? Change, bool HasDefaults)> AnnounceAsync(
        RelationShape shape, StreamTable? before, CancellationToken cancellationToken)
    {
        var table = new TableName(shape.Schema, shape.Name);
        var map = mapping.Find(table)!;
        var known = Current(table);
        if (before is null && IsAsInCatalog(shape, catalog[table])) return (known, null, false);
        var now = await ReadAsync(table, shape, cancellationToken);
        var columns = shape.Columns.Select(c => new RelationColumn(c.Name, TypeOf(c, now))).ToList();
        var isSame = columns.SequenceEqual((before?.Relation ?? known).Columns);
        if (!isSame) CheckKey(table, map.Key, columns, before?.Relation ?? known, now);
        var relation = isSame ? before?.Relation ?? known : new Relation(table, columns, map.Key);
        var change = before is null || isSame ? null : Compare(before.Relation, relation, now);
        if (before is not null)
        {
            lock (_current) _current[table] = relation;
        }
        if (now is not null) _numbers[table] = now.Columns.ToDictionary(c => c.Schema.Name, c => c.Schema.AttributeNumber);
        var hasDefaults = change is not null
            && change.Added.Any(a => now?.Columns.FirstOrDefault(c => c.Schema.Name == a) is not { HasDefault: false });
        return (relation, change, hasDefaults);
    }

    /// <summary>The columns that the stream sends: all but generated ones, by attribute number.</summary>
    public static Relation FromCatalog(CatalogTable table, IReadOnlyList<string> key) => new(table.Schema.Name,
        [.. table.Columns.Where(c => !c.Schema.IsGenerated).Select(c => new RelationColumn(c.Schema.Name, c.Schema.Type))], key);

    private static bool IsAsInCatalog(RelationShape shape, CatalogTable table) => shape.Columns.Select(c => (c.Name, c.Type, c.Modifier))
        .SequenceEqual(table.Columns.Where(c => !c.Schema.IsGenerated).Select(c => (c.Schema.Name, c.TypeOid, c.Modifier)));

    private SchemaChange Compare(Relation before, Relation after, CatalogTable? now)
    {
        var old = _numbers.GetValueOrDefault(after.Table) ?? [];
        var numbers = now?.Columns.ToDictionary(c => c.Schema.Name, c => c.Schema.AttributeNumber) ?? [];
        var gone = before.Columns.Where(c => after.Ordinal(c.Name) < 0).ToList();
        var come = after.Columns.Where(c => before.Ordinal(c.Name) < 0).ToList();
        var renamed = new List<(string From, string To)>();
        foreach (var column in gone.ToList())
        {
            var heir = old.TryGetValue(column.Name, out var number) && come.Find(c => numbers.GetValueOrDefault(c.Name, -1) == number) is { } same ? same
                : come.Find(c => !numbers.ContainsKey(c.Name) && c.Type == column.Type && Place(after, before, c.Name) == Place(before, after, column.Name));
            if (heir is null) continue;
            renamed.Add((column.Name, heir.Name));
            gone.Remove(column);
            come.Remove(heir);
        }
        return new SchemaChange(before, after, renamed, [.. gone.Select(c => c.Name)], [.. come.Select(c => c.Name)]);
    }

    /// <summary>How many of the columns before <paramref name="name"/> are in both.</summary>
    private static int Place(Relation relation, Relation other, string name) =>
        relation.Columns.TakeWhile(c => c.Name != name).Count(c => other.Ordinal(c.Name) >= 0);

    private static void CheckKey(
        TableName table, IReadOnlyList<string> key, List<RelationColumn> columns, Relation known, CatalogTable? now)
    {
        foreach (var name in key)
        {
            var column = columns.Find(c => c.Name == name);
            if (column is null)
            {
                throw SourceFailure.Unfit($"table {table}: its key column '{name}' was dropped or renamed, so its nodes can no longer be told apart; "
                    + "change the manifest's key, remove the pipeline's state in the target and copy again");
            }
            var before = known.Columns[known.Ordinal(name)];
            if (column.Type.Kind != before.Type.Kind)
            {
                throw SourceFailure.Unfit($"table {table}: the type of its key column '{name}' changed from {before.Type.Name} to {column.Type.Name}; "
                    + "remove the pipeline's state in the target and copy again");
            }
        }
        if (now is null || key.All(now.Schema.IdentityColumns.Contains)) return;
        throw SourceFailure.Unfit($"table {table}: its replica identity no longer holds the key ({string.Join(", ", key)}); "
            + $"run ALTER TABLE {table.Quoted} REPLICA IDENTITY DEFAULT (with a primary key) or FULL, then restart the pipeline");
    }

    private async Task<CatalogTable?> ReadAsync(TableName table, RelationShape shape, CancellationToken cancellationToken)
    {
        if (shape.Columns.Any(c => !_types.Knows(c.Type))) _types = await TypeCatalog.LoadAsync(source, cancellationToken);
        return await new CatalogReader(source).ReadTableAsync(table, _types, cancellationToken);
    }

    private PgType TypeOf(ShapeColumn column, CatalogTable? now)
    {
        var same = now?.Columns.FirstOrDefault(c => c.TypeOid == column.Type && c.Modifier == column.Modifier && c.Schema.Name == column.Name)
            ?? now?.Columns.FirstOrDefault(c => c.TypeOid == column.Type && c.Modifier == column.Modifier);
        return same?.Schema.Type ?? _types.Resolve(column.Type, column.Modifier);
    }
}
