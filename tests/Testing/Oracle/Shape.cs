namespace PolyglotSync.Testing.Oracle;

/// <summary>Which tables are nodes and which are relationships, by the documented rules of inference.</summary>
public sealed class Shape
{
    private readonly Dictionary<string, OracleTable> _byName;

    public Shape(IReadOnlyList<OracleTable> tables)
    {
        _byName = tables.ToDictionary(t => t.FullName);
        var referenced = tables.SelectMany(t => t.ForeignKeys).Select(k => k.Parent).ToHashSet();
        foreach (var table in tables)
        {
            if (JoinOf(table, referenced) is { } join) Joins.Add(join);
            else NodeTables.Add(table);
        }
    }

    public List<OracleTable> NodeTables { get; } = [];

    public List<(OracleTable Table, OracleForeignKey Start, OracleForeignKey End)> Joins { get; } = [];

    /// <summary>Foreign keys whose parent is in the graph.</summary>
    public IEnumerable<OracleForeignKey> ForeignKeys(OracleTable table) =>
        table.ForeignKeys.Where(k => NodeTables.Any(t => t.FullName == k.Parent)).OrderBy(k => k.Name, StringComparer.Ordinal);

    public IReadOnlyList<IReadOnlyList<string>> ReferencedColumnSets(OracleTable parent) =>
        [.. _byName.Values.SelectMany(t => t.ForeignKeys).Where(k => k.Parent == parent.FullName).Select(k => k.ParentColumns)];

    /// <summary>True for columns of the key: they carry the canonical spelling.</summary>
    public bool IsInKey(OracleTable table, string column) =>
        table.Key.Contains(column) || ReferencedColumnSets(table).Any(columns => columns.Contains(column));

    /// <summary>A join table: its key is the columns of two foreign keys and of nothing else, and no table refers to it.</summary>
    private (OracleTable, OracleForeignKey, OracleForeignKey)? JoinOf(OracleTable table, HashSet<string> referenced)
    {
        if (referenced.Contains(table.FullName) || table.ForeignKeys.Count != 2) return null;
        var first = table.ForeignKeys.FirstOrDefault(k => k.Columns.Contains(table.Key[0]));
        var second = table.ForeignKeys.FirstOrDefault(k => k != first && k.Columns.All(table.Key.Contains));
        if (first is null || second is null || !_byName.ContainsKey(first.Parent) || !_byName.ContainsKey(second.Parent)) return null;
        var columns = first.Columns.Concat(second.Columns).ToList();
        return columns.Count == table.Key.Count && columns.ToHashSet().SetEquals(table.Key) ? (table, first, second) : null;
    }
}
