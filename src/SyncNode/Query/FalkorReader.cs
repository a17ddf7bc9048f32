using System.Globalization;
using PolyglotSync.Contracts;
using StackExchange.Redis;

namespace PolyglotSync.SyncNode.Query;

internal sealed class FalkorReader(ConnectionMultiplexer connection, string graph, Uri uri) : IGraphReader
{
    /// <summary>Comparing reads whole labels at once.</summary>
    private const int TimeoutMs = 120_000;

    /// <param name="target">falkor://host:port/graph.</param>
    /// <exception cref="PipelineFailure">The server cannot be reached or refuses the login.</exception>
    public static async Task<FalkorReader> ConnectAsync(TargetSettings target)
    {
        var options = new ConfigurationOptions { SyncTimeout = TimeoutMs, ResponseTimeout = TimeoutMs, ConnectTimeout = target.ConnectTimeoutMs, AllowAdmin = false };
        options.EndPoints.Add(target.Uri.Host, target.Uri.Port > 0 ? target.Uri.Port : 6379);
        if (target.Password is not null) options.Password = target.User is null ? target.Password : $"{target.User} {target.Password}";
        try
        {
            return new FalkorReader(await ConnectionMultiplexer.ConnectAsync(options), Uri.UnescapeDataString(target.Uri.AbsolutePath.Trim('/')), target.Uri);
        }
        catch (RedisConnectionException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target {target.Uri} cannot be reached; is it running, and is the password right?", e) { ExitCode = ExitCode.TargetUnavailable };
        }
    }

    public async Task<GraphAnswer> QueryAsync(string cypher, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (RedisResult[])await connection.GetDatabase().ExecuteAsync("GRAPH.RO_QUERY", graph, cypher).WaitAsync(cancellationToken);
            // Header, rows, statistics; statistics alone where the statement returns nothing.
            if (answer.Length < 3) return new GraphAnswer([], []);
            return new GraphAnswer([.. Items(answer[0]).Select(Name)], [.. Items(answer[1]).Select(row => Items(row).Select(Text).ToArray())]);
        }
        catch (RedisServerException e) when (e.Message.Contains("empty key", StringComparison.OrdinalIgnoreCase))
        {
            // A graph that nothing was written to does not exist yet.
            return new GraphAnswer([], []);
        }
        catch (RedisServerException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target refused the question: {e.Message}", e);
        }
        catch (RedisConnectionException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target {uri} does not answer: {e.Message}", e) { ExitCode = ExitCode.TargetUnavailable };
        }
    }

    private static RedisResult[] Items(RedisResult list) => (RedisResult[])list;

    private static bool IsList(RedisResult cell) => cell.GetType().Name == "ArrayRedisResult";

    private static string Name(RedisResult header) => IsList(header) ? Text(Items(header)[^1]) ?? "" : Text(header) ?? "";

    private static string? Text(RedisResult cell)
    {
        if (cell.IsNull) return null;
        if (!IsList(cell)) return Convert.ToString((string)cell, CultureInfo.InvariantCulture);
        var items = Items(cell);
        if (items.Length >= 3 && items.All(i => IsList(i) && Items(i).Length == 2))
        {
            var parts = items.ToDictionary(i => Text(Items(i)[0])!, i => Items(i)[1]);
            if (parts.TryGetValue("labels", out var labels) && parts.TryGetValue("properties", out var of)) return Patterns.Node(Items(labels).Select(l => Text(l)!), Pairs(of));
            if (parts.TryGetValue("type", out var type) && parts.TryGetValue("properties", out of)) return Patterns.Relationship(Text(type)!, Pairs(of));
        }
        return Patterns.List(items.Select(Text));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(RedisResult properties) =>
        Items(properties).Select(p => KeyValuePair.Create(Text(Items(p)[0])!, Text(Items(p)[1]))).OrderBy(p => p.Key, StringComparer.Ordinal);

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
