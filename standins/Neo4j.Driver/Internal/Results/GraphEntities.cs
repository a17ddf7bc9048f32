#nullable enable
#pragma warning disable CS0618 // the numeric ids are obsolete, yet part of the interfaces
namespace Neo4j.Driver.Internal.Results;

internal abstract class Entity(long id, string elementId, IReadOnlyDictionary<string, object?> properties) : IEntity
{
    public object this[string key] => Properties[key]!;

    public IReadOnlyDictionary<string, object?> Properties { get; } = properties;

    public string ElementId { get; } = elementId;

    public long Id { get; } = id;

    public T Get<T>(string key) => ValueConversion.To<T>(Properties[key]);

    public bool TryGet<T>(string key, out T value)
    {
        var found = Properties.TryGetValue(key, out var raw);
        value = found ? ValueConversion.To<T>(raw) : default!;
        return found;
    }

    public override int GetHashCode() => ElementId.GetHashCode();
}

internal sealed class Node(long id, string elementId, IReadOnlyList<string> labels, IReadOnlyDictionary<string, object?> properties)
    : Entity(id, elementId, properties), INode
{
    public IReadOnlyList<string> Labels { get; } = labels;

    public bool Equals(INode? other) => other != null && ElementId == other.ElementId;

    public override bool Equals(object? obj) => Equals(obj as INode);

    public override int GetHashCode() => base.GetHashCode();
}

internal sealed class Relationship(
    long id,
    string elementId,
    long startId,
    string startElementId,
    long endId,
    string endElementId,
    string type,
    IReadOnlyDictionary<string, object?> properties)
    : Entity(id, elementId, properties), IRelationship
{
    public string Type { get; } = type;

    public long StartNodeId { get; } = startId;

    public long EndNodeId { get; } = endId;

    public string StartNodeElementId { get; } = startElementId;

    public string EndNodeElementId { get; } = endElementId;

    public bool Equals(IRelationship? other) => other != null && ElementId == other.ElementId;

    public override bool Equals(object? obj) => Equals(obj as IRelationship);

    public override int GetHashCode() => base.GetHashCode();
}

internal sealed class GraphPath(IReadOnlyList<INode> nodes, IReadOnlyList<IRelationship> relationships) : IPath
{
    public INode Start => Nodes[0];

    public INode End => Nodes[^1];

    public IReadOnlyList<INode> Nodes { get; } = nodes;

    public IReadOnlyList<IRelationship> Relationships { get; } = relationships;

    public bool Equals(IPath? other) =>
        other != null && Nodes.SequenceEqual(other.Nodes) && Relationships.SequenceEqual(other.Relationships);

    public override bool Equals(object? obj) => Equals(obj as IPath);

    public override int GetHashCode() => Relationships.Aggregate(Start.GetHashCode(), HashCode.Combine);
}
