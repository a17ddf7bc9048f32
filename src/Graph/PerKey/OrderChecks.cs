using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>Holds the order that changes come in against what the graph has.</summary>
internal static class OrderChecks
{
    /// <summary>Where whole cuts are written a key is taken by a CREATE: a placeholder would be in its way, and nobody would ever delete it.</summary>
    /// <exception cref="PipelineFailure">Fatal: placeholders of the mapping's labels.</exception>
    public static async Task RequireAsync(ICypherQueries graph, string address, GraphMapping mapping, ChangeOrder order, CancellationToken cancellationToken)
    {
        var labels = mapping.Tables.OfType<NodeMapping>().Select(n => $"n:{Quote(n.Label)}").ToList();
        if (order == ChangeOrder.PerKey || labels.Count == 0) return;
        var answer = await graph.QueryAsync($"MATCH (n:{Placeholders.Label}) WHERE {string.Join(" OR ", labels)} RETURN count(n)", cancellationToken);
        if (answer is not [[long and > 0 and var count]]) return;
        throw new PipelineFailure(FailureClass.Fatal,
            $"the graph at {address} holds {count} placeholders (:{Placeholders.Label}): it is written key by key, from topics without cuts, and is not at rest; go on so, or begin with an empty graph")
        { ExitCode = ExitCode.InvalidManifest };
    }
}
