using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PolyglotSync.Testing;

namespace PolyglotSync.Faults.Network;

/// <summary>
/// A TCP proxy on loopback that behaves as bad networks do: it refuses connections, cuts them, passes half of a message, delays, goes silent (nothing passes, nobody is told),
/// or swallows the answers.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private volatile int _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private TcpListener? _listener;
    private TaskCompletionSource? _silence;
    private TimeSpan _delay;
    private volatile bool _deaf;
    private int _halves;

    /// <param name="server">The port on loopback that it stands before; 0 where <see cref="LeadTo"/> says it later.</param>
    public TcpProxy(int server = 0)
    {
        _server = server;
        Port = FreePort.Next();
        Accept();
    }

    public int Port { get; }

    /// <summary>For a server that must know the proxy's port before it has one itself.</summary>
    public void LeadTo(int server) => _server = server;

    /// <summary>Connections that are refused from now on; those that are open are cut.</summary>
    public void Refuse()
    {
        _listener?.Dispose();
        _listener = null;
        Cut();
    }

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys) link.Reset();
    }

    /// <summary>The next message that passes is cut in the middle, and its connection with it.</summary>
    public void HalveNext() => Interlocked.Exchange(ref _halves, 1);

    /// <summary>From now on nothing passes, in either direction; connections stay open and new ones are taken.</summary>
    public void Silence() => _silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on what the server says is thrown away; what it is told still reaches it.</summary>
    public void Deafen() => _deaf = true;

    /// <summary>Every message waits so long from now on.</summary>
    public void Delay(TimeSpan delay) => _delay = delay;

    /// <summary>Ends all troubles. What was held back passes on, late; an answer that was thrown away is missed, so connections that were deaf are cut.</summary>
    public void Heal()
    {
        if (_deaf) Cut();
        _deaf = false;
        _delay = TimeSpan.Zero;
        _halves = 0;
        _silence?.TrySetResult();
        _silence = null;
        if (_listener is null) Accept();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Heal();
        _listener?.Dispose();
        Cut();
    }

    private void Accept()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                return;
            }
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
        }
        catch (SocketException)
        {
            Link.Reset(client);
            return;
        }
        client.NoDelay = server.NoDelay = true;
        var link = new Link(client, server);
        _links.TryAdd(link, true);
        await Task.WhenAny(PumpAsync(link, client, server, isAnswer: false), PumpAsync(link, server, client, isAnswer: true));
        _links.TryRemove(link, out _);
    }

    private async Task PumpAsync(Link link, TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var read = await from.GetStream().ReadAsync(buffer, _stop.Token);
                if (_silence is { } silence) await silence.Task;
                if (_delay > TimeSpan.Zero) await Task.Delay(_delay, _stop.Token);
                if (read == 0) break;
                if (isAnswer && _deaf) continue;
                var half = read > 1 && Interlocked.Exchange(ref _halves, 0) == 1;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, half ? read / 2 : read), _stop.Token);
                if (half) break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // one end is gone, so the other goes too
        }
        link.Reset();
    }

    private sealed class Link(TcpClient client, TcpClient server)
    {
        public void Reset()
        {
            Reset(client);
            Reset(server);
        }

        public static void Reset(TcpClient end)
        {
            try
            {
                end.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or NullReferenceException)
            {
                // it is gone already
            }
            end.Dispose();
        }
    }
}
