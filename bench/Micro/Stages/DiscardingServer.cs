using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>
/// Speaks as much Bolt as a driver needs to send something (https://neo4j.com/docs/bolt/current/bolt/): agrees to a version, throws each message's bytes away
/// and answers it with a success. One connection at a time, no allocation once it runs.
/// </summary>
internal sealed class DiscardingServer : IAsyncDisposable
{
    private static readonly byte[] Version = [0, 0, 4, 4];
    private static readonly byte[] Success = Answer();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public DiscardingServer()
    {
        _listener.Start();
        _running = RunAsync(_stopping.Token);
    }

    public Uri Address => new($"bolt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
                client.NoDelay = true;
                await ServeAsync(client.GetStream(), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // disposed of
        }
    }

    private static async Task ServeAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        // the magic number and four proposals
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 20), cancellationToken);
        await stream.WriteAsync(Version, cancellationToken);
        var inMessage = false;
        while (true)
        {
            if (await stream.ReadAtLeastAsync(buffer.AsMemory(0, 2), 2, throwOnEndOfStream: false, cancellationToken) < 2) return;
            int size = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            if (size > 0)
            {
                inMessage = true;
                await stream.ReadExactlyAsync(buffer.AsMemory(0, size), cancellationToken);
            }
            else if (inMessage)
            {
                inMessage = false;
                await stream.WriteAsync(Success, cancellationToken);
            }
        }
    }

    /// <summary>One that does for every request: who the server is, and a result without columns.</summary>
    private static byte[] Answer()
    {
        byte[] message = [0xB1, 0x70, 0xA3, .. Text("server"), .. Text("Neo4j/4.4.0"), .. Text("connection_id"), .. Text("bench"), .. Text("fields"), 0x90];
        return [0, (byte)message.Length, .. message, 0, 0];
    }

    private static byte[] Text(string text) => [(byte)(0x80 | text.Length), .. Encoding.UTF8.GetBytes(text)];
}
