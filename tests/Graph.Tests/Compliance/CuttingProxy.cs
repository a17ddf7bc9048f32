using System.Net;
using System.Net.Sockets;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Stands before a server that answers one request after the other, and lets so many through; at the next it closes the connection.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _left;

    /// <param name="server">Its port on loopback.</param>
    public CuttingProxy(int server)
    {
        _listener.Start();
        _left = int.MaxValue;
        _accepting = AcceptAsync(server);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool HasCut => Volatile.Read(ref _left) < 0;

    /// <summary>From now on.</summary>
    public void CutAfter(int requests) => Volatile.Write(ref _left, requests);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(int server)
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token), server));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, int server)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server, _stop.Token);
            var isNew = true;
            await await Task.WhenAny(CopyAsync(near.GetStream(), far.GetStream(), () => !isNew || Interlocked.Decrement(ref _left) >= 0, () => isNew = false),
                CopyAsync(far.GetStream(), near.GetStream(), () => true, () => isNew = true));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // an end of the connection is gone
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> mayPass, Action passed)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count && mayPass())
        {
            passed();
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
