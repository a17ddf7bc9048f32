using System.Globalization;
using StackExchange.Redis;

namespace PolyglotSync.SyncNode.Demo.Compare;

internal sealed class FalkorReader(ConnectionMultiplexer connection, string graph) : IGraphReader
{
    /// <summary>Comparing reads whole labels at once.</summary>
    private const int TimeoutMs = 120_000;

    /// <param name="uri">falkor://host:port/graph.</param>
    public static async Task<FalkorReader> ConnectAsync(Uri uri, string? user, string? password)
    {
        var options = new ConfigurationOptions { SyncTimeout = TimeoutMs, ResponseTimeout = TimeoutMs, ConnectTimeout = 10_000, AllowAdmin = false };
        options.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : 6379);
        if (password is not null) options.Password = user is null ? password : $"{user} {password}";
        return new FalkorReader(await ConnectionMultiplexer.ConnectAsync(options), Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')));
    }

    public async Task<IReadOnlyList<string?[]>> QueryAsync(string cypher, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])await connection.GetDatabase().ExecuteAsync("GRAPH.QUERY", graph, cypher).WaitAsync(cancellationToken);
        // Header, rows, statistics.
        return [.. ((RedisResult[])answer[1]).Select(row => ((RedisResult[])row).Select(Text).ToArray())];
    }

    private static string? Text(RedisResult cell) => cell.IsNull ? null : Convert.ToString((string)cell, CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
