using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Graph.Falkor;

/// <summary>Queries to one graph. Opens its connection when first used, and again after it broke.</summary>
internal sealed class FalkorClient(TargetSettings settings, string graph) : IDisposable
{
    private static readonly ReadOnlyMemory<byte> GraphQuery = "GRAPH.QUERY"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Compact = "--compact"u8.ToArray();

    private readonly ReadOnlyMemory<byte> _graph = Encoding.UTF8.GetBytes(graph);
    private readonly SemaphoreSlim _turn = new(1);
    private RespConnection? _connection;

    public string Host => settings.Uri.Host;

    public int Port => settings.Uri.Port > 0 ? settings.Uri.Port : 6379;

    /// <summary>The records of a query: null, string, long, double, bool, or a list of these in each cell.</summary>
    public async Task<List<List<object?>>> QueryAsync(ReadOnlyMemory<byte> cypher, CancellationToken cancellationToken)
    {
        var answer = await CommandAsync([GraphQuery, _graph, cypher, Compact], cancellationToken) as List<object?> ?? [];
        if (answer.Count < 3) return [];
        return [.. ((List<object?>)answer[1]!).Select(r => ((List<object?>)r!).Select(Cell).ToList())];
    }

    public Task<List<List<object?>>> QueryAsync(string cypher, CancellationToken cancellationToken) => QueryAsync(Encoding.UTF8.GetBytes(cypher), cancellationToken);

    public Task<object?> PingAsync(CancellationToken cancellationToken) => CommandAsync(["PING"u8.ToArray()], cancellationToken);

    public void Dispose()
    {
        _connection?.Dispose();
        _turn.Dispose();
    }

    private async Task<object?> CommandAsync(IReadOnlyList<ReadOnlyMemory<byte>> words, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(settings.WriteTimeoutMs);
            try
            {
                _connection ??= await OpenAsync(limit.Token);
                return await _connection.CommandAsync(words, limit.Token);
            }
            catch (RespException)
            {
                throw;
            }
            catch (Exception e)
            {
                // an answer may still be on its way: nobody may take it for the next one
                _connection?.Dispose();
                _connection = null;
                if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested) throw new TimeoutException($"no answer within {settings.WriteTimeoutMs} ms", e);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<RespConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.ConnectTimeoutMs);
        RespConnection connection;
        try
        {
            connection = await RespConnection.OpenAsync(Host, Port, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut, $"no connection within {settings.ConnectTimeoutMs} ms ({e.Message})");
        }
        if (settings.Password is not { } password) return connection;
        try
        {
            await connection.CommandAsync(settings.User is { } user
                ? ["AUTH"u8.ToArray(), Encoding.UTF8.GetBytes(user), Encoding.UTF8.GetBytes(password)]
                : ["AUTH"u8.ToArray(), Encoding.UTF8.GetBytes(password)], cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Compact cells are pairs of type and value; 1 null, 2 string, 3 integer, 4 boolean, 5 double, 6 array.</summary>
    private static object? Cell(object? cell)
    {
        var pair = (List<object?>)cell!;
        return (long)pair[0]! switch
        {
            1 => null,
            4 => (string)pair[1]! == "true",
            5 => double.Parse((string)pair[1]!, System.Globalization.CultureInfo.InvariantCulture),
            6 => ((List<object?>)pair[1]!).Select(Cell).ToList(),
            _ => pair[1],
        };
    }
}
