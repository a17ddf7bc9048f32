using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PolyglotSync.Testing.Oracle;

/// <summary>Neo4j over its HTTP API with typed answers (Jolt): a way in that shares nothing with the driver.</summary>
public sealed class Neo4jHttp(Uri address, string? password = null) : IDisposable
{
    private readonly HttpClient _http = ShortLived.Client(address, TimeSpan.FromSeconds(60));

    public void Dispose() => _http.Dispose();

    /// <summary>The rows of one statement, each cell as typed JSON.</summary>
    public async Task<List<JsonElement[]>> QueryAsync(string cypher, string database = "neo4j")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/db/{database}/tx/commit");
        request.Headers.Accept.ParseAdd("application/vnd.neo4j.jolt-v2+json-seq;strict=true");
        if (password is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"neo4j:{password}")));
        request.Content = new StringContent(JsonSerializer.Serialize(new { statements = new[] { new { statement = cypher } } }), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        var rows = new List<JsonElement[]>();
        foreach (var line in (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = line.TrimStart('\u001e').Trim();
            if (text.Length == 0) continue;
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            if (json.RootElement.TryGetProperty("error", out var error)) throw new InvalidOperationException($"Neo4j refused '{cypher}': {error}");
            if (json.RootElement.TryGetProperty("data", out var data)) rows.Add([.. data.EnumerateArray().Select(e => e.Clone())]);
        }
        return rows;
    }

    public async Task<long> CountAsync(string cypher) =>
        long.Parse((await QueryAsync(cypher))[0][0].EnumerateObject().First().Value.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Runs a statement several times in one transaction, keeps it open for a while, and rolls it back.</summary>
    /// <returns>How many of them the server took; where it refused one, everything was rolled back at once.</returns>
    public async Task<int> HoldAsync(string cypher, int times, TimeSpan time, TaskCompletionSource? held = null)
    {
        var transaction = new Uri("/db/neo4j/tx", UriKind.Relative);
        for (var n = 0; n < times; n++)
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { statements = new[] { new { statement = cypher } } }), Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(transaction, content);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            if (answer.RootElement.GetProperty("errors").GetArrayLength() > 0) return n;
            if (response.Headers.Location is { } location) transaction = location;
        }
        held?.TrySetResult();
        using (var timer = new PeriodicTimer(time)) await timer.WaitForNextTickAsync();
        using var _ = await _http.DeleteAsync(transaction);
        return times;
    }

    /// <summary>Deletes all data, constraints and indexes.</summary>
    public async Task WipeAsync()
    {
        await QueryAsync("MATCH (n) DETACH DELETE n");
        foreach (var row in await QueryAsync("SHOW CONSTRAINTS YIELD name RETURN name")) await QueryAsync($"DROP CONSTRAINT `{Jolt.Text(row[0])}`");
        foreach (var row in await QueryAsync("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")) await QueryAsync($"DROP INDEX `{Jolt.Text(row[0])}`");
    }

    public async Task<GraphPicture> ReadAsync()
    {
        // a stored list comes without the types of its elements, a comprehension over it with them; only the stored value tells bytes from a list
        const string properties = "[k IN keys(x) | [k, x[k], CASE WHEN x[k] IS :: LIST<ANY> THEN [e IN x[k] | e] ELSE x[k] END]]";
        var picture = new GraphPicture();
        var nodes = new Dictionary<string, PictureNode>();
        foreach (var row in await QueryAsync($"MATCH (x) RETURN elementId(x), labels(x), {properties}"))
        {
            var labels = row[1].GetProperty("[]").EnumerateArray().Select(Jolt.Text).Order(StringComparer.Ordinal).ToList();
            if (labels.Contains("__PolySync")) continue;
            var node = new PictureNode(string.Join(':', labels), Jolt.Properties(row[2]));
            nodes[Jolt.Text(row[0])] = node;
            picture.Nodes.Add(node);
            if (labels.Any(l => l.StartsWith("__", StringComparison.Ordinal)) || node.Properties.Keys.Any(k => k.StartsWith("__", StringComparison.Ordinal)))
                picture.Oddities.Add($"a label or property of the product was left behind: (:{node.Labels} {PictureNode.Render(node.Properties)})");
        }
        foreach (var row in await QueryAsync($"MATCH (a)-[x]->(b) RETURN elementId(a), elementId(b), type(x), {properties}"))
            if (nodes.TryGetValue(Jolt.Text(row[0]), out var start) && nodes.TryGetValue(Jolt.Text(row[1]), out var end))
                picture.Edges.Add(new PictureEdge(Jolt.Text(row[2]), start, end, Jolt.Properties(row[3])));
            else picture.Oddities.Add($"a relationship {Jolt.Text(row[2])} hangs on a node of the product");
        return picture;
    }
}

/// <summary>Neo4j's typed JSON: each value an object whose one name says the type.</summary>
public static class Jolt
{
    public static string Text(JsonElement value) => value.GetProperty("U").GetString()!;

    /// <summary>Of a list of [name, stored value, value with the types of its elements].</summary>
    public static Dictionary<string, string> Properties(JsonElement value) => value.GetProperty("[]").EnumerateArray().Select(p => p.GetProperty("[]"))
        .ToDictionary(p => Text(p[0]), p => Value(p[1].ValueKind == JsonValueKind.Object && p[1].TryGetProperty("#", out _) ? p[1] : p[2]));

    public static string Value(JsonElement value)
    {
        var typed = value.EnumerateObject().First();
        return typed.Name switch
        {
            "?" => Canonical.Bool(typed.Value.GetString() == "true"),
            "Z" => Canonical.Int(typed.Value.GetString()!),
            "R" => double.TryParse(typed.Value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out _)
                ? (long.TryParse(typed.Value.GetString(), out _) ? Canonical.Int(typed.Value.GetString()!) : Canonical.Float(typed.Value.GetString()!))
                : Canonical.Float(typed.Value.GetString()!),
            "U" => Canonical.Text(typed.Value.GetString()!),
            "T" => Canonical.Temporal(typed.Value.GetString()!),
            "#" => Canonical.Bytes(typed.Value.GetString()!.Replace(" ", "", StringComparison.Ordinal)),
            "[]" => Canonical.List(typed.Value.EnumerateArray().Select(Value)),
            _ => $"{typed.Name} {typed.Value.GetRawText()}",
        };
    }
}
