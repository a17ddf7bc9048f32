using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Status;

/// <summary>What one node has of the partitions that the nodes of a pipeline share.</summary>
/// <param name="Partitions">By table: <c>users 0 2, posts 1</c>.</param>
/// <param name="Behind">Messages that wait in them; null where that is not known.</param>
internal sealed record NodeShare(string Node, int Count, string Partitions, long? Behind)
{
    public const string Nameless = "a node without a name";

    /// <summary>By node, by name.</summary>
    public static IReadOnlyList<NodeShare> Of(IReadOnlyList<PartitionStatus> partitions)
    {
        var shared = SharedPrefix([.. partitions.Select(p => p.Topic).Distinct()]);
        return [.. partitions.GroupBy(p => p.Node ?? Nameless).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new NodeShare(g.Key, g.Count(),
            string.Join(", ", g.GroupBy(p => p.Topic).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key[shared..]} {Numbers(t)}")),
            g.Any(p => p.Behind is not null) ? g.Sum(p => p.Behind ?? 0) : null))];
    }

    /// <summary><c>node-1 14, node-2 14</c>.</summary>
    public static string Counts(IReadOnlyList<PartitionStatus> partitions) => string.Join(", ", Of(partitions).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Node} {s.Count}")));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}: {Partitions}{(Behind is { } behind ? $"; {Amounts.Count(behind)} messages behind" : "")}");

    private static string Numbers(IEnumerable<PartitionStatus> partitions) => string.Join(' ', partitions.Select(p => p.Partition).Order().Select(p => p.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Topics of a pipeline begin alike, with prefix and mostly schema: that is left out, up to a dot.</summary>
    private static int SharedPrefix(IReadOnlyList<string> topics)
    {
        var shared = topics[0].LastIndexOf('.') + 1;
        foreach (var topic in topics)
        {
            while (shared > 0 && !topic.StartsWith(topics[0][..shared], StringComparison.Ordinal)) shared = topics[0].LastIndexOf('.', Math.Max(0, shared - 2)) + 1;
        }
        return shared;
    }
}
