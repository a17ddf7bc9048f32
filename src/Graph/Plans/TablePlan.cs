using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Plans;

/// <summary>A column of a relation that is written to a property.</summary>
/// <param name="Ordinal">Where the column stands in the relation's images.</param>
internal sealed record Field(int Ordinal, string Column, string Property, PropertyDecoder Decoder);

/// <summary>A node that a row refers to: found by these properties, with the values of these columns.</summary>
/// <param name="KeyOrdinals">The referring columns in the order of the referred table's key; null where they refer to another unique key.</param>
internal sealed record NodeEnd(TableName Table, string Label, IReadOnlyList<Field> Fields, int[]? KeyOrdinals)
{
    /// <summary>All columns of the foreign key: where one is NULL it refers to nothing.</summary>
    public required int[] Columns { get; init; }

    /// <summary>The properties in the order of the index that they are found by.</summary>
    public required IReadOnlyList<string> Indexed { get; init; }

    /// <summary>As of the referred table's nodes.</summary>
    public required IReadOnlyList<string> Holds { get; init; }
}

/// <summary>A unique key, not the nodes' own, by which foreign keys refer to nodes of a table (<see cref="ChangeOrder.PerKey"/>).</summary>
internal sealed record OtherKeyPlan(IReadOnlyList<Field> Fields, IReadOnlyList<HeldBy> HeldBy);

/// <summary>Relationships that lead to a node, or from it (a join table's start), because of what one of its keys holds.</summary>
/// <param name="Label">Of the nodes at their other end.</param>
internal sealed record HeldBy(string Label, string Type, bool IsIncoming);

/// <summary>A foreign key of a node's table.</summary>
/// <param name="Stored">The child's own properties of the same columns, in the same order; null where one of them is not a property.</param>
internal sealed record ReferencePlan(string Type, NodeEnd Parent, IReadOnlyList<Field>? Stored);

/// <summary>A table's mapping compiled for the tuples of one relation.</summary>
internal abstract class TablePlan(Relation relation, IReadOnlyList<Field> fields, GraphDialect dialect)
{
    public GraphDialect Dialect { get; } = dialect;

    public Relation Relation { get; } = relation;

    /// <summary>Columns written as properties; the key of a node is not among them.</summary>
    public IReadOnlyList<Field> Fields { get; } = fields;
}

internal sealed class NodePlan(
    Relation relation, string label, IReadOnlyList<Field> key, IReadOnlyList<Field> fields, IReadOnlyList<ReferencePlan> references,
    GraphDialect dialect)
    : TablePlan(relation, fields, dialect)
{
    private NodeShapes? _shapes;
    private PerKey.KeyedNodeShapes? _keyedShapes;

    public NodeShapes Shapes => _shapes ??= new NodeShapes(this);

    public PerKey.KeyedNodeShapes KeyedShapes => _keyedShapes ??= new PerKey.KeyedNodeShapes(this);

    public string Label { get; } = label;

    public IReadOnlyList<Field> Key { get; } = key;

    public IReadOnlyList<ReferencePlan> References { get; } = references;

    /// <summary>The types of the relationships that other rows may have to a node of the table, or join rows from it.</summary>
    public required IReadOnlyList<string> Holds { get; init; }

    public required IReadOnlyList<OtherKeyPlan> OtherKeys { get; init; }

    /// <summary>True where each reference's columns are properties of the node too: then they tell whether it leads elsewhere now.</summary>
    public bool TellsMoved { get; } = references.All(r => r.Stored is not null);
}

internal sealed class JoinPlan(Relation relation, string type, NodeEnd start, NodeEnd end, IReadOnlyList<Field> fields, GraphDialect dialect)
    : TablePlan(relation, fields, dialect)
{
    private JoinShapes? _shapes;
    private PerKey.KeyedJoinShapes? _keyedShapes;

    public JoinShapes Shapes => _shapes ??= new JoinShapes(this);

    public PerKey.KeyedJoinShapes KeyedShapes => _keyedShapes ??= new PerKey.KeyedJoinShapes(this);

    public string Type { get; } = type;

    public NodeEnd Start { get; } = start;

    public NodeEnd End { get; } = end;
}
