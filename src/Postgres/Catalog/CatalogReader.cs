using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Reads tables, columns, keys, foreign keys and replica identities from the system catalog. Partitioned tables stand for their partitions;
/// views, foreign, unlogged and temporary tables are not seen, nor are system schemas and our own.
/// </summary>
public sealed class CatalogReader : IAsyncDisposable
{
    private readonly SideConnection _source;
    private readonly bool _owned;

    /// <param name="settings">Address and schemas.</param>
    public CatalogReader(PipelineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _source = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
        _owned = true;
    }

    internal CatalogReader(SideConnection source) => _source = source;

    /// <exception cref="PipelineFailure">The source cannot be reached or refuses.</exception>
    public async Task<DatabaseSchema> ReadAsync(IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var types = await TypeCatalog.LoadAsync(_source, cancellationToken);
        return new DatabaseSchema([.. (await ReadTablesAsync(schemas, types, cancellationToken)).Select(t => t.Schema)]);
    }

    public ValueTask DisposeAsync() => _owned ? _source.DisposeAsync() : default;

    /// <summary>With what only this room needs: oids, defaults, the identities of partitions.</summary>
    internal async Task<IReadOnlyList<CatalogTable>> ReadTablesAsync(
        IReadOnlyList<string> schemas, TypeCatalog types, CancellationToken cancellationToken)
    {
        return await ReadScopeAsync(CatalogQueries.Scope(schemas), types, cancellationToken);
    }

    /// <summary>One table as it is now; null where it is gone.</summary>
    internal async Task<CatalogTable?> ReadTableAsync(TableName table, TypeCatalog types, CancellationToken cancellationToken) =>
        (await ReadScopeAsync(CatalogQueries.Scope(table), types, cancellationToken)).FirstOrDefault();

    private async Task<IReadOnlyList<CatalogTable>> ReadScopeAsync(string scope, TypeCatalog types, CancellationToken cancellationToken)
    {
        var tables = await _source.QueryAsync(CatalogQueries.Tables(scope), [], cancellationToken);
        var columns = (await _source.QueryAsync(CatalogQueries.Columns(scope), [], cancellationToken)).ToLookup(r => r[0]);
        var keys = (await _source.QueryAsync(CatalogQueries.Keys(scope), [], cancellationToken)).ToLookup(r => r[0]);
        var foreignKeys = (await _source.QueryAsync(CatalogQueries.ForeignKeys(scope), [], cancellationToken)).ToLookup(r => r[0]);
        return [.. tables.Select(t => Table(t, columns[t[0]], [.. keys[t[0]]], foreignKeys[t[0]], types))
            .OrderBy(t => t.Schema.Name)];
    }

    private static CatalogTable Table(
        string?[] table, IEnumerable<string?[]> columnRows, List<string?[]> keys, IEnumerable<string?[]> foreignKeys, TypeCatalog types)
    {
        var columns = columnRows.Select(c => Column(c, types)).ToList();
        var primary = keys.Find(k => k[2] == "t") is { } p ? Sql.Names(p[4]) : [];
        var identity = table[4] switch
        {
            "n" => ReplicaIdentity.Nothing,
            "f" => ReplicaIdentity.Full,
            "i" => ReplicaIdentity.Index,
            _ => ReplicaIdentity.Default,
        };
        IReadOnlyList<string> identityColumns = identity switch
        {
            ReplicaIdentity.Nothing => [],
            ReplicaIdentity.Full => [.. columns.Where(c => !c.Schema.IsGenerated).Select(c => c.Schema.Name)],
            ReplicaIdentity.Index => keys.Find(k => k[3] == "t") is { } i ? Sql.Names(i[4]) : [],
            _ => primary,
        };
        var schema = new TableSchema(
            new TableName(table[1]!, table[2]!),
            [.. columns.Select(c => c.Schema)],
            primary,
            [.. keys.Where(k => k[2] != "t").Select(k => new UniqueKey(k[1]!, Sql.Names(k[4])))],
            [.. foreignKeys.Select(f => new ForeignKey(f[1]!, Sql.Names(f[2]), new TableName(f[3]!, f[4]!), Sql.Names(f[5]), f[6] == "t"))],
            identity, identityColumns, table[3] == "p", Sql.Long(table[5]));
        return new CatalogTable(Sql.Oid(table[0]), schema, columns, table[6]);
    }

    private static CatalogColumn Column(string?[] c, TypeCatalog types)
    {
        var oid = Sql.Oid(c[3]);
        var modifier = Sql.Int(c[4]);
        var type = types.Resolve(oid, modifier, c[5]);
        var ordered = KeyOrder.IsComparable(type.Kind, c[8] == "t" && types.IsPlainText(oid));
        return new CatalogColumn(
            new ColumnSchema(c[2]!, Sql.Int(c[1]), type, c[6] == "f", c[7] == "t", ordered), oid, modifier, c[9] == "t");
    }
}

/// <param name="UnfitPartition">A partition without replica identity, by name; null where there is none.</param>
internal sealed record CatalogTable(uint Oid, TableSchema Schema, IReadOnlyList<CatalogColumn> Columns, string? UnfitPartition);

/// <param name="MayHoldValue">True where rows from before the column was added may have a value in it: it has a default, or cannot be NULL.</param>
internal sealed record CatalogColumn(ColumnSchema Schema, uint TypeOid, int Modifier, bool MayHoldValue);
