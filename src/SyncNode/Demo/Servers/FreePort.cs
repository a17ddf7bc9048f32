using System.Net;
using System.Net.Sockets;

namespace PolyglotSync.SyncNode.Demo.Servers;

internal static class FreePort
{
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
