namespace PolyglotSync.Graph.Inference;

/// <summary>What the manifest says of tables, held against the catalog: mistakes are gathered, each with its place and a hint, and thrown together.</summary>
internal sealed class Overrides(DatabaseSchema schema, MappingSettings settings)
{
    private readonly Dictionary<TableName, TableOverride> _tables = settings.Tables.GroupBy(t => t.Table).ToDictionary(g => g.Key, g => g.First());
    private readonly List<string> _mistakes = [];

    public TableOverride? Of(TableName table) => _tables.GetValueOrDefault(table);

    public bool IsTaken(TableSchema table) =>
        !settings.Exclude.Contains(table.Name) && (settings.Include.Count == 0 || settings.Include.Contains(table.Name) || _tables.ContainsKey(table.Name));

    public IReadOnlyList<string> KeyOf(TableSchema table) => Of(table.Name) is { Key.Count: > 0 } given ? given.Key : table.PrimaryKey;

    public bool IncludesNewColumns(TableName table) => Of(table) is not { IncludeColumns.Count: > 0 };

    public bool IsIncluded(TableSchema table, string column)
    {
        if (Of(table.Name) is not { } given || KeyOf(table).Contains(column)) return true;
        return !given.ExcludeColumns.Contains(column) && (given.IncludeColumns.Count == 0 || given.IncludeColumns.Contains(column));
    }

    /// <summary>False where the manifest leaves the relationship out; <paramref name="type"/> is what it names.</summary>
    public bool IsWanted(TableSchema table, ForeignKey key, out string? type)
    {
        type = null;
        if (Of(table.Name) is not { } given) return true;
        foreach (var (name, wanted) in given.Relationships)
        {
            if (!Means(name, key)) continue;
            type = wanted;
            return wanted is not null;
        }
        return true;
    }

    public void Mistake(TableName table, string what) => _mistakes.Add($"{(Of(table)?.Where is { } where ? where + ": " : "")}{table}: {what}");

    public void CheckTables()
    {
        foreach (var name in settings.Include.Concat(settings.Exclude).Where(n => schema.Find(n) is null))
            _mistakes.Add($"{name}: the source has no such table{Suggestion.For(name.ToString(), schema.Tables.Select(t => t.Name.ToString()))}");
        foreach (var twice in settings.Tables.GroupBy(t => t.Table).Where(g => g.Count() > 1))
            Mistake(twice.Key, "is described twice");
        foreach (var given in settings.Tables)
        {
            if (schema.Find(given.Table) is { } table) CheckTable(given, table);
            else Mistake(given.Table, $"the source has no such table{Suggestion.For(given.Table.ToString(), schema.Tables.Select(t => t.Name.ToString()))}");
        }
    }

    public void ThrowIfWrong()
    {
        if (_mistakes.Count == 0) return;
        var count = _mistakes.Count == 1 ? "a mistake" : $"{_mistakes.Count} mistakes";
        throw new PipelineFailure(FailureClass.Fatal, $"the mapping has {count}:\n{string.Join('\n', _mistakes.Select(m => "  " + m))}") { ExitCode = ExitCode.InvalidManifest };
    }

    private void CheckTable(TableOverride given, TableSchema table)
    {
        var columns = table.Columns.Select(c => c.Name).ToList();
        foreach (var (part, names) in new[]
        {
            ("key", given.Key), ("columns.include", given.IncludeColumns), ("columns.exclude", given.ExcludeColumns),
            ("properties", given.Properties.Select(p => p.Column).ToList()),
        })
        {
            foreach (var name in names.Where(n => !columns.Contains(n))) Mistake(given.Table, $"{part}: there is no column '{name}'{Suggestion.For(name, columns)}");
        }
        if (given.IncludeColumns.Count > 0 && given.ExcludeColumns.Count > 0) Mistake(given.Table, "columns: give either include or exclude, not both");
        foreach (var name in given.ExcludeColumns.Where(KeyOf(table).Contains)) Mistake(given.Table, $"columns.exclude: '{name}' belongs to the key; a node cannot be found without it");
        if (given.Key.Count > 0 && given.Key.All(columns.Contains)) CheckKey(given, table);
        foreach (var name in given.Relationships.Keys.Where(n => !table.ForeignKeys.Any(k => Means(n, k))))
            Mistake(given.Table, $"relationships: '{name}' is neither a foreign key nor its column{Suggestion.For(name, table.ForeignKeys.SelectMany(k => new[] { k.Name, string.Join(',', k.Columns) }))}");
        if (given.As is not (null or "node" or "relationship")) Mistake(given.Table, $"as: '{given.As}' is neither node nor relationship{Suggestion.For(given.As, ["node", "relationship"])}");
        foreach (var (what, name) in new[] { ("label", given.Label), ("type", given.Type) }.Concat(given.Relationships.Values.Select(v => ("relationships", v)))
                     .Concat(given.Properties.Select(p => ("properties", (string?)p.Property))))
        {
            if (name is { } text && (string.IsNullOrWhiteSpace(text) || text.StartsWith("__", StringComparison.Ordinal)))
                Mistake(given.Table, $"{what}: '{text}' cannot be a name (not empty, and not beginning with '__')");
        }
    }

    private void CheckKey(TableOverride given, TableSchema table)
    {
        var isUnique = table.PrimaryKey.ToHashSet().SetEquals(given.Key) || table.UniqueKeys.Any(k => k.Columns.ToHashSet().SetEquals(given.Key));
        if (!isUnique) Mistake(given.Table, $"key: ({string.Join(", ", given.Key)}) is not a unique key of the table");
        foreach (var name in given.Key.Where(c => table.Column(c)!.IsNullable)) Mistake(given.Table, $"key: column '{name}' may be NULL; add NOT NULL to it or choose another key");
        var carried = table.ReplicaIdentity == ReplicaIdentity.Full || given.Key.All(table.IdentityColumns.Contains);
        if (!carried) Mistake(given.Table, $"key: ({string.Join(", ", given.Key)}) is not the table's replica identity, so deletes would not name the row; "
            + $"run ALTER TABLE {table.Name.Quoted} REPLICA IDENTITY USING INDEX (the key's index), or FULL");
    }

    private static bool Means(string name, ForeignKey key) =>
        name == key.Name || name.Split(',', StringSplitOptions.TrimEntries).SequenceEqual(key.Columns);
}
