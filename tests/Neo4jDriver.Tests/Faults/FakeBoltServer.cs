using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Neo4jDriver.Tests.Faults;

/// <summary>A server that agrees on Bolt 5.4 and answers each request, by its tag, as the test says; null cuts the connection.</summary>
internal sealed class FakeBoltServer : IAsyncDisposable
{
    public const byte Run = 0x10, Begin = 0x11, Commit = 0x12, Rollback = 0x13, Reset = 0x0F, Hello = 0x01, Logon = 0x6A, Pull = 0x3F, Goodbye = 0x02;

    public static readonly byte[] Success = Message([0xB1, 0x70, 0xA0]);
    public static readonly byte[] Ignored = Message([0xB0, 0x7E]);

    /// <summary>Two entries of a map: who the server says it is.</summary>
    public static readonly byte[] Identity =
        [0x86, .. "server"u8, 0x8C, .. "Neo4j/5.26.0"u8, 0x8D, .. "connection_id"u8, 0x86, .. "bolt-1"u8];

    /// <summary>What HELLO must at least be told.</summary>
    private static readonly byte[] Welcome = SuccessWith(2, Identity);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte, byte[]?> _answer;
    private readonly byte[] _handshake;
    private readonly Task _serving;
    private int _connections;

    public FakeBoltServer(Func<byte, byte[]?> answer, byte[]? handshake = null)
    {
        (_answer, _handshake) = (answer, handshake ?? [0, 0, 4, 5]);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Uri => $"bolt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Opened so far.</summary>
    public int Connections => _connections;

    public static byte[] Failure(string code) =>
        Message([0xB1, 0x7F, 0xA2, 0x84, .. "code"u8, 0xD0, (byte)code.Length, .. Encoding.UTF8.GetBytes(code), 0x87, .. "message"u8, 0x84, .. "oops"u8]);

    /// <summary>SUCCESS with some other entries, encoded.</summary>
    public static byte[] SuccessWith(byte entries, params byte[] encoded) => Message([0xB1, 0x70, (byte)(0xA0 | entries), .. encoded]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private static byte[] Message(byte[] payload) => [(byte)(payload.Length >> 8), (byte)payload.Length, .. payload, 0, 0];

    private async Task ServeAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true) conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using var owned = client;
        var stream = client.GetStream();
        try
        {
            await stream.ReadExactlyAsync(new byte[20], _stop.Token);
            await stream.WriteAsync(_handshake, _stop.Token);
            while (true)
            {
                var tag = await TagAsync(stream);
                if (_answer(tag) is not { } answer) break;
                await stream.WriteAsync(tag == Hello && answer == Success ? Welcome : answer, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The driver hung up, or the test is over.
        }
    }

    private async Task<byte> TagAsync(NetworkStream stream)
    {
        var message = new List<byte>();
        var header = new byte[2];
        while (true)
        {
            await stream.ReadExactlyAsync(header, _stop.Token);
            var size = BinaryPrimitives.ReadUInt16BigEndian(header);
            if (size == 0 && message.Count > 0) return message[1];
            var chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            message.AddRange(chunk);
        }
    }
}
