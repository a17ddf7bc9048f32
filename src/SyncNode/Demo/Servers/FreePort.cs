using System.Net;
using System.Net.Sockets;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Servers;

internal static class FreePort
{
    /// <summary>So many ports are tried for one server.</summary>
    private const int Attempts = 3;

    /// <summary>Starts a server on a port, and on another where somebody took it between the choice and the start.</summary>
    /// <param name="choose">Chooses a port that is free now.</param>
    /// <param name="start">Fails with a <see cref="PipelineFailure"/> of a taken port as <see cref="Taken"/> makes it.</param>
    /// <exception cref="PipelineFailure">Every port was taken, or the server failed by something else.</exception>
    public static async Task<T> TryAsync<T>(Func<int> choose, Func<int, Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start(choose());
            }
            catch (PipelineFailure e) when (attempt < Attempts && e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                // somebody was quicker: another port
            }
        }
    }

    /// <summary>The cause of a failure of a server that could not have its port.</summary>
    public static SocketException Taken() => new((int)SocketError.AddressAlreadyInUse);

    /// <summary>A port of the loopback interface that nobody listened on a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A port of which the next one is free too.</summary>
    /// <exception cref="InvalidOperationException">None was found.</exception>
    public static int NextPair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Next();
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
            {
                // taken, or past the last one: another pair
            }
        }
        throw new InvalidOperationException("no two free ports beside each other were found in 100 attempts");
    }
}
