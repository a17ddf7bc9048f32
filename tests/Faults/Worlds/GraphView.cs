using System.Text.Json;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Worlds;

/// <summary>The graph as a reader of its own sees it, past the proxies.</summary>
public sealed class GraphView(FaultServers servers, GraphKind kind, string graph)
{
    public GraphKind Kind => kind;

    /// <summary>What the pipeline's state says: its watermark, generation, and how far the copy is; null where there is none yet.</summary>
    public async Task<PipelineMark?> MarkAsync()
    {
        var rows = await QueryAsync($"MATCH (s:__PolySync {{pipeline: '{FaultWorld.Pipeline}'}}) WHERE s.watermark IS NOT NULL RETURN s.watermark, s.copy, toString(s.generation)");
        return rows is [[{ } watermark, { } copy, { } generation]] ? new PipelineMark(watermark, copy, long.Parse(generation, System.Globalization.CultureInfo.InvariantCulture)) : null;
    }

    public async Task<long> NumberAsync(string cypher) =>
        await QueryAsync(cypher) is [[{ } number]] ? long.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>Rows of texts and numbers as texts.</summary>
    public async Task<List<string?[]>> QueryAsync(string cypher)
    {
        if (kind == GraphKind.Neo4j)
            return [.. (await (await servers.Neo4jAsync()).Http.QueryAsync(cypher)).Select(row => row.Select(Text).ToArray())];
        using var falkor = (await servers.FalkorAsync()).Connect();
        return [.. falkor.Query(graph, cypher).Select(row => row.Select(cell => ((List<object?>)cell!)[1]?.ToString()).ToArray())];
    }

    public async Task<GraphPicture> PictureAsync()
    {
        if (kind == GraphKind.Neo4j) return await (await servers.Neo4jAsync()).Http.ReadAsync();
        using var falkor = (await servers.FalkorAsync()).Connect();
        return falkor.Read(graph);
    }

    public async Task WipeAsync()
    {
        if (kind == GraphKind.Neo4j)
        {
            await (await servers.Neo4jAsync()).Http.WipeAsync();
            return;
        }
        using var falkor = (await servers.FalkorAsync()).Connect();
        falkor.Wipe(graph);
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().First().Value.GetString() : null;
}

/// <param name="Copy">The copy's state as the pipeline writes it.</param>
public sealed record PipelineMark(string Watermark, string Copy, long Generation)
{
    /// <summary>True once every table's rows are in the graph.</summary>
    public bool IsCopied => Copy.Contains("phase", StringComparison.OrdinalIgnoreCase)
        && !Copy.Contains("\"Pending\"", StringComparison.Ordinal) && !Copy.Contains("\"Copying\"", StringComparison.Ordinal);
}
