using System.Text;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Row operations written as a test reads them: columns that are not named were not sent.</summary>
internal sealed class Rows(DatabaseSchema schema)
{
    private readonly Dictionary<string, Relation> _relations = schema.Tables.ToDictionary(
        t => t.Name.Name, t => new Relation(t.Name, [.. t.Columns.Select(c => new RelationColumn(c.Name, c.Type))], t.PrimaryKey));
    private int _position;

    public Relation this[string table]
    {
        get => _relations[table];
        set => _relations[table] = value;
    }

    public RowOperation Insert(string table, params (string Column, string? Value)[] row) => Operation(RowOperationKind.Insert, table, row, null, OldImage.None);

    public RowOperation Upsert(string table, params (string Column, string? Value)[] row) => Operation(RowOperationKind.Upsert, table, row, null, OldImage.None);

    public RowOperation Update(string table, params (string Column, string? Value)[] row) => Operation(RowOperationKind.Update, table, row, null, OldImage.None);

    public RowOperation Update(string table, (string Column, string? Value)[] old, (string Column, string? Value)[] row, OldImage image = OldImage.Key) =>
        Operation(RowOperationKind.Update, table, row, old, image);

    public RowOperation Upsert(string table, (string Column, string? Value)[] old, (string Column, string? Value)[] row) =>
        Operation(RowOperationKind.Upsert, table, row, old, OldImage.Key);

    public RowOperation Delete(string table, params (string Column, string? Value)[] key) => Operation(RowOperationKind.Delete, table, null, key, OldImage.Key);

    private RowOperation Operation(RowOperationKind kind, string table, (string, string?)[]? row, (string, string?)[]? old, OldImage image)
    {
        var relation = _relations[table];
        var known = row is not null ? Image(relation, row, kind == RowOperationKind.Insert) : default;
        var before = old is not null ? Image(relation, old, false) : default;
        var bucket = (int)(RowKey.Hash(row is not null ? known.Image : before.Image, relation) % 16);
        return new RowOperation(kind, relation, known, relation, before, image, new Position(new Lsn(1), _position++), bucket, 1);
    }

    private static ImageRef Image(Relation relation, (string Column, string? Value)[] row, bool isWhole)
    {
        var writer = new ChangeBatchWriter(1024, 1);
        var image = writer.BeginImage(relation.Columns.Length);
        for (var i = 0; isWhole && i < relation.Columns.Length; i++) writer.Null(image, i);
        foreach (var (column, value) in row)
        {
            var ordinal = relation.Ordinal(column);
            if (ordinal < 0) throw new ArgumentException($"{relation.Table} has no column {column}");
            if (value is null) writer.Null(image, ordinal);
            else writer.Column(image, ordinal, Encoding.UTF8.GetBytes(value));
        }
        return new ImageRef(writer.Complete(null).Buffer, image);
    }
}
