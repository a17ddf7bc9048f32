using System.Globalization;
using System.Net.Sockets;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>FalkorDB as a module of Valkey (or Redis), loopback only, nothing kept on disk.</summary>
internal sealed class EmbeddedGraph : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private readonly ServerProcess _server;

    private EmbeddedGraph(ServerProcess server, int port, string? client)
    {
        (_server, Port, Client) = (server, port, client);
    }

    public int Port { get; }

    /// <summary>valkey-cli or redis-cli where one is installed: what a person asks the graph with.</summary>
    public string? Client { get; }

    public static Task<EmbeddedGraph> StartAsync(ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var module = FindModule();
        var program = FindServer();
        return FreePort.TryAsync(FreePort.Next, port => StartAsync(program, module, port, scratch, cancellationToken));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<EmbeddedGraph> StartAsync(string program, string module, int port, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var server = ServerProcess.Start("the embedded graph", scratch.Within("graph.log"),
            [program, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", scratch.Path, "--loadmodule", module]);
        var graph = new EmbeddedGraph(server, port, FindClient(program));
        try
        {
            await server.UntilAsync(ct => AnswersAsync(port, ct), StartTime, cancellationToken);
            return graph;
        }
        catch
        {
            await graph.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[16];
            var read = await stream.ReadAsync(answer, cancellationToken);
            return answer.AsSpan(0, read).StartsWith("+PONG"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static string FindModule()
    {
        var root = Environment.GetEnvironmentVariable("POLYSYNC_ROOT");
        var module = Environment.GetEnvironmentVariable("POLYSYNC_FALKORDB_MODULE") is { Length: > 0 } set ? set
            : Path.Combine(root ?? Directory.GetCurrentDirectory(), ".polysync", "embedded", "bin", "falkordb.so");
        return File.Exists(module) ? Path.GetFullPath(module) : throw new PipelineFailure(FailureClass.Fatal,
            $"the embedded graph's module {module} is missing; './polysync setup' fetches it, or set POLYSYNC_FALKORDB_MODULE, or use --target bolt://…");
    }

    private static string FindServer()
    {
        if (Environment.GetEnvironmentVariable("POLYSYNC_VALKEY_SERVER") is { Length: > 0 } set) return set;
        return Programs.OnPath("valkey-server", "/usr/bin") ?? Programs.OnPath("redis-server") ?? throw new PipelineFailure(FailureClass.Fatal,
            "Valkey is not installed; './polysync setup' installs it, or set POLYSYNC_VALKEY_SERVER");
    }

    private static string? FindClient(string server)
    {
        var beside = Path.GetDirectoryName(server) ?? "";
        return Programs.OnPath("valkey-cli", beside) ?? Programs.OnPath("redis-cli", beside);
    }
}
