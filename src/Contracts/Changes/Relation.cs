namespace PolyglotSync.Contracts;

/// <summary>
/// The shape of the tuples of one table from one moment of the log on (a pgoutput relation message, or a copy's column list). A schema change
/// makes a new instance; entries refer to the one they were written under. Instances are compared by reference.
/// </summary>
public sealed class Relation
{
    public Relation(TableName table, IReadOnlyList<RelationColumn> columns, IReadOnlyList<string> key)
    {
        Table = table;
        Columns = [.. columns];
        KeyOrdinals = [.. key.Select(name => Array.FindIndex(Columns, c => c.Name == name))];
        if (KeyOrdinals.Length == 0 || KeyOrdinals.Contains(-1))
            throw new ArgumentException($"{table}: the key ({string.Join(", ", key)}) is not among the columns", nameof(key));
    }

    public TableName Table { get; }

    public RelationColumn[] Columns { get; }

    /// <summary>Where the columns of the row's key (primary key, or the key that the manifest names) stand, in key order.</summary>
    public int[] KeyOrdinals { get; }

    public int Ordinal(string column) => Array.FindIndex(Columns, c => c.Name == column);
}

public sealed record RelationColumn(string Name, PgType Type);
