using Npgsql;

namespace PolyglotSync.Testing.Oracle;

/// <summary>The graph that the tables stand for, rebuilt from the catalog and the rows by the documented rules, without the product's code.</summary>
public sealed class ExpectedPicture(GraphKind graph, INaming naming)
{
    private readonly ValueRules _values = new(graph);
    private readonly Dictionary<string, IReadOnlyList<string>> _keys = [];

    /// <summary>Key properties by label, filled by <see cref="BuildAsync"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keys => _keys;

    /// <param name="schemas">Schemas in scope.</param>
    /// <param name="without">Tables (<c>schema.name</c>) that the pipeline leaves out.</param>
    public async Task<GraphPicture> BuildAsync(string connectionString, IReadOnlyList<string> schemas, IReadOnlySet<string>? without = null)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var settings = new NpgsqlCommand(TableRows.Settings, connection)) await settings.ExecuteNonQueryAsync();
        // one snapshot: the tables must be the picture of one moment
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var tables = (await Catalog.ReadAsync(connection, schemas)).Where(t => t.Key.Count > 0 && without?.Contains(t.FullName) != true).ToList();
        var rows = new Dictionary<string, List<string?[]>>();
        foreach (var table in tables) rows[table.FullName] = await TableRows.ReadAsync(connection, table);
        return Build(tables, rows);
    }

    private GraphPicture Build(List<OracleTable> tables, Dictionary<string, List<string?[]>> rows)
    {
        var shape = new Shape(tables);
        var picture = new GraphPicture();
        var index = new ReferenceIndex();
        foreach (var table in shape.NodeTables)
        {
            var label = naming.Label(table, tables);
            _keys[label] = table.Key;
            var referenced = shape.ReferencedColumnSets(table);
            foreach (var row in rows[table.FullName])
            {
                var node = new PictureNode(label, Properties(table, row, shape, _ => true));
                picture.Nodes.Add(node);
                foreach (var columns in referenced) index.Add(table.FullName, columns, Reference(table, row, columns), node);
                index.Add(table.FullName, table.Key, Reference(table, row, table.Key), node);
            }
        }
        foreach (var table in shape.NodeTables)
        {
            foreach (var key in shape.ForeignKeys(table))
            {
                foreach (var row in rows[table.FullName])
                {
                    if (index.Find(key.Parent, key.ParentColumns, Reference(table, row, key.Columns)) is not { } parent) continue;
                    var child = index.Find(table.FullName, table.Key, Reference(table, row, table.Key))!;
                    picture.Edges.Add(new PictureEdge(naming.RelationshipType(table, key), child, parent, new Dictionary<string, string>()));
                }
            }
        }
        foreach (var (table, start, end) in shape.Joins)
        {
            foreach (var row in rows[table.FullName])
            {
                var from = index.Find(start.Parent, start.ParentColumns, Reference(table, row, start.Columns));
                var to = index.Find(end.Parent, end.ParentColumns, Reference(table, row, end.Columns));
                if (from is null || to is null) continue;
                picture.Edges.Add(new PictureEdge(naming.JoinType(table), from, to, Properties(table, row, shape, naming.IsJoinProperty(table))));
            }
        }
        return picture;
    }

    private Dictionary<string, string> Properties(OracleTable table, string?[] row, Shape shape, Func<string, bool> taken)
    {
        var properties = new Dictionary<string, string>();
        for (var i = 0; i < row.Length; i++)
        {
            var column = table.Columns[i];
            if (taken(column.Name) && _values.Property(column, row[i], shape.IsInKey(table, column.Name)) is { } value) properties[column.Name] = value;
        }
        return properties;
    }

    /// <summary>What a row's columns refer to, or null where one of them is NULL (MATCH SIMPLE).</summary>
    private string? Reference(OracleTable table, string?[] row, IReadOnlyList<string> columns)
    {
        var values = new List<string>(columns.Count);
        foreach (var name in columns)
        {
            var ordinal = table.Columns.ToList().FindIndex(c => c.Name == name);
            if (_values.Property(table.Columns[ordinal], row[ordinal], inKey: true) is not { } value) return null;
            values.Add(value);
        }
        return string.Join('\u0001', values);
    }

    private sealed class ReferenceIndex
    {
        private readonly Dictionary<(string Table, string Columns, string Values), PictureNode> _nodes = [];

        public void Add(string table, IReadOnlyList<string> columns, string? values, PictureNode node)
        {
            if (values is not null) _nodes[(table, string.Join(',', columns), values)] = node;
        }

        public PictureNode? Find(string table, IReadOnlyList<string> columns, string? values) =>
            values is null ? null : _nodes.GetValueOrDefault((table, string.Join(',', columns), values));
    }
}
