using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>The columns of one table as the catalog names them, and the reader of its topic. Debezium's topics do not tell of changed columns: a row that has one more makes us look. Not thread-safe; pure.</summary>
internal sealed class TableColumns
{
    private TableSchema _schema;
    private int _unknown;

    public TableColumns(TableMapping map, TableSchema schema, int partitions)
    {
        (Map, _schema, Partitions) = (map, schema, partitions);
        Relation = ToRelation(schema);
        Reader = new EnvelopeReader([Relation], IsWhole(schema) ? [map.Table] : [], new EnvelopeOptions(KeyChanges: KeyChanges.Split, ExistenceUnknown: true));
    }

    public TableMapping Map { get; }

    public TableName Table => Map.Table;

    /// <summary>Of the topic, whoever reads them.</summary>
    public int Partitions { get; }

    public Relation Relation { get; private set; }

    public EnvelopeReader Reader { get; }

    /// <summary>True once for each column that a row had and the catalog did not name when it was read.</summary>
    public bool TakeDoubt()
    {
        if (Reader.UnknownColumns.Count == _unknown) return false;
        _unknown = Reader.UnknownColumns.Count;
        return true;
    }

    /// <summary>What the catalog says now.</summary>
    /// <returns>How the columns changed; null where they did not.</returns>
    public SchemaChange? Learn(TableSchema schema)
    {
        var before = Relation;
        var (old, now) = (Sent(_schema), Sent(schema));
        if (old.Select(c => (c.Name, c.AttributeNumber, c.Type)).SequenceEqual(now.Select(c => (c.Name, c.AttributeNumber, c.Type)))) return null;
        _schema = schema;
        Relation = ToRelation(schema);
        Reader.Define(Relation, IsWhole(schema));
        var names = now.ToDictionary(c => c.AttributeNumber, c => c.Name);
        var known = old.Select(c => c.AttributeNumber).ToHashSet();
        return new SchemaChange(before, Relation,
            [.. old.Where(c => names.TryGetValue(c.AttributeNumber, out var name) && name != c.Name).Select(c => (c.Name, names[c.AttributeNumber]))],
            [.. old.Where(c => !names.ContainsKey(c.AttributeNumber)).Select(c => c.Name)],
            [.. now.Where(c => !known.Contains(c.AttributeNumber)).Select(c => c.Name)]);
    }

    private Relation ToRelation(TableSchema schema) => new(Table, [.. Sent(schema).Select(c => new RelationColumn(c.Name, c.Type))], Map.Key);

    private static IReadOnlyList<ColumnSchema> Sent(TableSchema schema) => [.. schema.Columns.Where(c => !c.IsGenerated)];

    private static bool IsWhole(TableSchema schema) => schema.ReplicaIdentity == ReplicaIdentity.Full;
}
