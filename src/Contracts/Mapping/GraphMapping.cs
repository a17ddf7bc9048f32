namespace PolyglotSync.Contracts;

/// <summary>What each table becomes in the graph: inferred from the catalog or written by hand in the manifest. Valid against a
/// <see cref="DatabaseSchema"/> once it has passed the plan compiler.</summary>
public sealed record GraphMapping(IReadOnlyList<TableMapping> Tables)
{
    public TableMapping? Find(TableName table) => Tables.FirstOrDefault(t => t.Table == table);
}

/// <summary>A table: a node with outgoing relationships, or (a join table) a relationship.</summary>
public abstract record TableMapping(TableName Table, IReadOnlyList<string> Key, IReadOnlyList<PropertyMapping> Properties);

/// <param name="Label">The node's label.</param>
/// <param name="Key">Columns that identify a row and its node: the primary key, or a unique key that the manifest names.</param>
/// <param name="Properties">Each column that becomes a property, key columns included.</param>
/// <param name="IncludesNewColumns">True where a column added later becomes a property too (nothing was listed by hand).</param>
public sealed record NodeMapping(
    TableName Table, IReadOnlyList<string> Key, string Label, IReadOnlyList<PropertyMapping> Properties,
    IReadOnlyList<ForeignKeyMapping> Relationships, bool IncludesNewColumns = true) : TableMapping(Table, Key, Properties);

/// <summary>A join table: one relationship a row, from the row that <see cref="Start"/> refers to, to the one that <see cref="End"/> refers to.
/// Its key is the columns of both ends (and of nothing else), so between two nodes there is at most one relationship of the type.</summary>
public sealed record JoinMapping(
    TableName Table, IReadOnlyList<string> Key, string Type, ForeignKey Start, ForeignKey End,
    IReadOnlyList<PropertyMapping> Properties, bool IncludesNewColumns = true) : TableMapping(Table, Key, Properties);

/// <summary>A foreign key of a node's table: a relationship from the child to the parent.</summary>
/// <param name="Type">Its type, unlike that of every other relationship that starts at the same label.</param>
public sealed record ForeignKeyMapping(ForeignKey ForeignKey, string Type);

/// <param name="Column">Column of the table.</param>
/// <param name="Property">Property of the node or relationship.</param>
/// <param name="As">How the value is written.</param>
public sealed record PropertyMapping(string Column, string Property, PropertyEncoding As = PropertyEncoding.Default);

public enum PropertyEncoding : byte
{
    /// <summary>The documented lossless choice for the column's type.</summary>
    Default,
    /// <summary>The text that PostgreSQL prints.</summary>
    Text,
    /// <summary>A 64-bit float: numeric loses digits beyond 15 to 17.</summary>
    Float,
    /// <summary>A 64-bit integer: for numeric without a fraction; anything else is a dead letter.</summary>
    Integer,
}
