using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>A table as the stream knows it at the moment: the shape last announced, the relation that entries refer to, and how far its copy is.</summary>
internal sealed class StreamTable(RelationShape shape, Relation relation, TableGate gate)
{
    public RelationShape Shape { get; } = shape;

    public Relation Relation { get; } = relation;

    public TableGate Gate { get; } = gate;
}
