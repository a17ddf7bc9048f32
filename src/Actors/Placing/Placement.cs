namespace PolyglotSync.Actors.Placing;

/// <summary>A node and the pipelines that it runs.</summary>
public readonly record struct Placed<TNode>(TNode Node, IReadOnlyCollection<string> Pipelines);

/// <summary>Which node runs which pipeline: pure. Nodes run the same number, give or take one, and no more moves than that takes: each costs its pipeline a pause.</summary>
public static class Placement
{
    /// <summary>The node with the fewest; among those alike the one that asks, so that a pipeline stays with who met it first.</summary>
    public static TNode Choose<TNode>(IEnumerable<Placed<TNode>> nodes, TNode asker) where TNode : notnull =>
        nodes.OrderBy(n => n.Pipelines.Count).ThenBy(n => n.Node.Equals(asker) ? 0 : 1).First().Node;

    /// <summary>Pipelines that are to leave their node, for <see cref="Choose"/> to place anew.</summary>
    public static IReadOnlyList<string> Moves<TNode>(IReadOnlyCollection<Placed<TNode>> nodes)
    {
        if (nodes.Count == 0) return [];
        var total = nodes.Sum(n => n.Pipelines.Count);
        var (each, left) = (total / nodes.Count, total % nodes.Count);
        // what cannot be shared out stays with those that have the most
        return [.. nodes.OrderByDescending(n => n.Pipelines.Count)
            .SelectMany((n, i) => n.Pipelines.Order(StringComparer.Ordinal).Skip(i < left ? each + 1 : each))];
    }
}
