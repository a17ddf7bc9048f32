namespace PolyglotSync.Contracts;

/// <summary>What the catalog says of the tables in scope, tables in name order.</summary>
public sealed record DatabaseSchema(IReadOnlyList<TableSchema> Tables)
{
    public TableSchema? Find(TableName name) => Tables.FirstOrDefault(t => t.Name == name);
}

/// <summary>One table (a partitioned table stands for all its partitions). Columns in attribute order, dropped ones left out.</summary>
/// <param name="PrimaryKey">Column names of the primary key in key order; empty where there is none.</param>
/// <param name="ReplicaIdentity">What an update's or delete's old image holds.</param>
/// <param name="IdentityColumns">The columns of the replica identity (DEFAULT: the primary key; INDEX: the index's; FULL: all).</param>
/// <param name="EstimatedRows">The planner's estimate, 0 or more.</param>
public sealed record TableSchema(
    TableName Name,
    IReadOnlyList<ColumnSchema> Columns,
    IReadOnlyList<string> PrimaryKey,
    IReadOnlyList<UniqueKey> UniqueKeys,
    IReadOnlyList<ForeignKey> ForeignKeys,
    ReplicaIdentity ReplicaIdentity,
    IReadOnlyList<string> IdentityColumns,
    bool IsPartitioned,
    long EstimatedRows)
{
    public ColumnSchema? Column(string name) => Columns.FirstOrDefault(c => c.Name == name);
}

/// <param name="AttributeNumber">pg_attribute.attnum: stays the same over a rename.</param>
/// <param name="IsGenerated">A stored generated column: pgoutput of PostgreSQL 15 does not send it.</param>
/// <param name="IsByteOrdered">True where PostgreSQL's order of the type is the order of its values under <see cref="KeyOrder"/> (see there).</param>
public sealed record ColumnSchema(string Name, int AttributeNumber, PgType Type, bool IsNullable, bool IsGenerated, bool IsByteOrdered);

public sealed record UniqueKey(string Name, IReadOnlyList<string> Columns);

/// <summary>A foreign key: <see cref="Columns"/> of this table refer to <see cref="ReferencedColumns"/> of <see cref="ReferencedTable"/>, in the same order.</summary>
/// <param name="IsValid">False for NOT VALID: rows may refer to parents that do not exist.</param>
public sealed record ForeignKey(
    string Name, IReadOnlyList<string> Columns, TableName ReferencedTable, IReadOnlyList<string> ReferencedColumns, bool IsValid = true);

public enum ReplicaIdentity : byte { Default, Nothing, Full, Index }
