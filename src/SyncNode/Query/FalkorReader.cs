using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Falkor;

namespace PolyglotSync.SyncNode.Query;

internal sealed class FalkorReader(RespConnection connection, TargetSettings target) : IGraphReader
{
    /// <summary>Comparing reads whole labels at once.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(120);

    /// <param name="target">falkor://host:port/graph.</param>
    /// <exception cref="PipelineFailure">The server cannot be reached or refuses the login.</exception>
    public static async Task<FalkorReader> ConnectAsync(TargetSettings target, CancellationToken cancellationToken)
    {
        using var limit = Within(TimeSpan.FromMilliseconds(target.ConnectTimeoutMs), cancellationToken);
        RespConnection? connection = null;
        try
        {
            connection = await RespConnection.OpenAsync(target.Uri.Host, target.Uri.Port > 0 ? target.Uri.Port : 6379, limit.Token);
            if (target.Password is { } password) await connection.CommandAsync(Words(target.User is { } user ? ["AUTH", user, password] : ["AUTH", password]), limit.Token);
            return new FalkorReader(connection, target);
        }
        catch (Exception e) when (IsAnswer(e, cancellationToken))
        {
            connection?.Dispose();
            throw Unavailable(target, e);
        }
    }

    public async Task<GraphAnswer> QueryAsync(string cypher, CancellationToken cancellationToken)
    {
        using var limit = Within(AnswerTime, cancellationToken);
        try
        {
            var answer = Items(await connection.CommandAsync(Words("GRAPH.RO_QUERY", Uri.UnescapeDataString(target.Uri.AbsolutePath.Trim('/')), cypher), limit.Token));
            // Header, rows, statistics; statistics alone where the statement returns nothing.
            if (answer.Count < 3) return new GraphAnswer([], []);
            return new GraphAnswer([.. Items(answer[0]).Select(Name)], [.. Items(answer[1]).Select(row => Items(row).Select(Text).ToArray())]);
        }
        catch (RespException e) when (e.Message.Contains("empty key", StringComparison.OrdinalIgnoreCase))
        {
            // A graph that nothing was written to does not exist yet.
            return new GraphAnswer([], []);
        }
        catch (RespException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target refused the question: {e.Message}", e);
        }
        catch (Exception e) when (IsAnswer(e, cancellationToken))
        {
            throw Unavailable(target, e);
        }
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CancellationTokenSource Within(TimeSpan time, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        return limit;
    }

    private static bool IsAnswer(Exception e, CancellationToken cancellationToken) =>
        e is SocketException or IOException or RespException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static PipelineFailure Unavailable(TargetSettings target, Exception e) =>
        new(FailureClass.Fatal, $"the target {target.Uri} does not answer: {(e is OperationCanceledException ? "the time was over" : e.Message)}; is FalkorDB running there, and is the password right?", e)
        {
            ExitCode = ExitCode.TargetUnavailable,
        };

    private static ReadOnlyMemory<byte>[] Words(params string[] words) => [.. words.Select(w => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(w))];

    private static IReadOnlyList<object?> Items(object? list) => (IReadOnlyList<object?>)list!;

    private static string Name(object? header) => header is IReadOnlyList<object?> pair ? Text(pair[^1]) ?? "" : Text(header) ?? "";

    private static string? Text(object? cell)
    {
        if (cell is not IReadOnlyList<object?> items) return cell is null ? null : Convert.ToString(cell, CultureInfo.InvariantCulture);
        if (items.Count >= 3 && items.All(i => i is IReadOnlyList<object?> { Count: 2 }))
        {
            var parts = items.ToDictionary(i => Text(Items(i)[0])!, i => Items(i)[1]);
            if (parts.TryGetValue("labels", out var labels) && parts.TryGetValue("properties", out var of)) return Patterns.Node(Items(labels).Select(l => Text(l)!), Pairs(of));
            if (parts.TryGetValue("type", out var type) && parts.TryGetValue("properties", out of)) return Patterns.Relationship(Text(type)!, Pairs(of));
        }
        return Patterns.List(items.Select(Text));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(object? properties) =>
        Items(properties).Select(p => KeyValuePair.Create(Text(Items(p)[0])!, Text(Items(p)[1]))).OrderBy(p => p.Key, StringComparer.Ordinal);
}
