#nullable enable
#pragma warning disable CS0618 // the numeric ids are obsolete, yet part of the interfaces
namespace Neo4j.Driver.Internal.Results;

/// <summary>A relationship in a path as it comes over the wire: its ends are told by where the path uses it.</summary>
internal sealed record UnboundRelationship(long Id, string ElementId, string Type, IReadOnlyDictionary<string, object?> Properties)
{
    /// <summary>
    /// Puts a path together. <paramref name="steps"/> holds pairs: the relationship (from 1; negative: walked against its direction),
    /// then the node it leads to (from 0). The path begins at the first node.
    /// </summary>
    /// <exception cref="ProtocolException">A step points to nothing.</exception>
    public static GraphPath Walk(Node[] nodes, UnboundRelationship[] relationships, long[] steps)
    {
        if (nodes.Length == 0 || steps.Length % 2 != 0) throw new ProtocolException("The server sent a path without a start or with half a step.");
        var visited = new List<INode> { nodes[0] };
        var walked = new List<IRelationship>();
        for (var i = 0; i < steps.Length; i += 2)
        {
            var (step, target) = (steps[i], steps[i + 1]);
            if (step == 0 || Math.Abs(step) > relationships.Length || target < 0 || target >= nodes.Length)
            {
                throw new ProtocolException("The server sent a path with a step to nowhere.");
            }

            var (from, to) = (visited[^1], nodes[target]);
            var relationship = relationships[Math.Abs(step) - 1];
            walked.Add(step > 0 ? relationship.Between(from, to) : relationship.Between(to, from));
            visited.Add(to);
        }

        return new GraphPath(visited, walked);
    }

    private Relationship Between(INode start, INode end) =>
        new(Id, ElementId, start.Id, start.ElementId, end.Id, end.ElementId, Type, Properties);
}
