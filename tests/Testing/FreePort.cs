using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PolyglotSync.Testing;

/// <summary>TCP ports on loopback that nobody listens on at the moment of asking.</summary>
public static class FreePort
{
    // below those that the system gives to connections: whoever connects meanwhile takes no port of a server that is down for a moment
    private const int First = 10_000;
    private const int Last = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Next()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            // the one above may be wanted too, for a server's other listener
            if (Given.ContainsKey(port - 1) || Given.ContainsKey(port + 1) || !Given.TryAdd(port, true)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // somebody has it: another
            }
        }
        throw new InvalidOperationException("no free port was found in 1000 attempts");
    }
}
