namespace Neo4j.Driver;

/// <summary>A node or a relationship, as it was when the statement read it.</summary>
public interface IEntity
{
    object this[string key] { get; }

    IReadOnlyDictionary<string, object> Properties { get; }

    string ElementId { get; }

    [Obsolete("Replaced with ElementId, will be removed in 6.0")]
    long Id { get; }

    T Get<T>(string key);

    bool TryGet<T>(string key, out T value);
}

public interface INode : IEntity, IEquatable<INode>
{
    IReadOnlyList<string> Labels { get; }
}

public interface IRelationship : IEntity, IEquatable<IRelationship>
{
    string Type { get; }

    string StartNodeElementId { get; }

    string EndNodeElementId { get; }

    [Obsolete("Replaced with StartNodeElementId, will be removed in 6.0")]
    long StartNodeId { get; }

    [Obsolete("Replaced with EndNodeElementId, will be removed in 6.0")]
    long EndNodeId { get; }
}

/// <summary>An alternation of nodes and relationships.</summary>
public interface IPath : IEquatable<IPath>
{
    INode Start { get; }

    INode End { get; }

    IReadOnlyList<INode> Nodes { get; }

    IReadOnlyList<IRelationship> Relationships { get; }
}
