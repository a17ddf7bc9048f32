#nullable enable
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Neo4j.Driver.Internal.Security;

namespace Neo4j.Driver.Internal.Bolt;

/// <summary>Opens connections: TCP, TLS where wanted, the handshake, HELLO and LOGON.</summary>
internal sealed class BoltConnector(ServerUri origin, IAuthToken token, Config config)
{
    private static readonly Dictionary<string, object?> BoltAgent = new()
    {
        ["product"] = "neo4j-dotnet/5.25.0",
        ["platform"] = RuntimeInformation.OSDescription,
        ["language"] = $"C#/.NET {Environment.Version}",
    };

    /// <summary>The connection timeout is for TCP alone, as with the real driver: what follows takes as long as whoever asks waits.</summary>
    /// <exception cref="ServiceUnavailableException">Nobody listens, or TCP takes too long, or the certificate is refused.</exception>
    /// <exception cref="SecurityException">The token is refused.</exception>
    public async Task<BoltConnection> ConnectAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        try
        {
            stream = await OpenStreamAsync(address, cancellationToken).ConfigureAwait(false);
            var version = await ShakeHandsAsync(stream, cancellationToken).ConfigureAwait(false);
            var connection = new BoltConnection(stream, version, address, config.Logger);
            await IntroduceAsync(connection, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            if (stream != null) await stream.DisposeAsync().ConfigureAwait(false);
            throw e switch
            {
                OperationCanceledException when !cancellationToken.IsCancellationRequested => new ServiceUnavailableException(
                    $"No connection to {address} within {config.ConnectionTimeout.TotalSeconds} s.", e),
                SocketException or IOException => new ServiceUnavailableException($"No connection to {address}: {e.Message}", e),
                _ => e,
            };
        }
    }

    private async Task<Stream> OpenStreamAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, config.SocketKeepAlive);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(config.ConnectionTimeout);
            await socket.ConnectAsync(address.Host, address.Port, patience.Token).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var plain = new NetworkStream(socket, ownsSocket: true);
        return origin.Trust == null ? plain : await SecureAsync(plain, address, origin.Trust, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Stream> SecureAsync(Stream plain, ServerAddress address, TrustManager trust, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        var uri = new UriBuilder("bolt", address.Host, address.Port).Uri;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            EnabledSslProtocols = SslProtocols.None,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                using var copy = certificate == null ? null : new X509Certificate2(certificate);
                return trust.ValidateServerCertificate(uri, copy, chain, errors);
            },
        };
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException) throw;
            throw new ServiceUnavailableException($"Failed to establish encrypted connection with server {uri}.", e);
        }
    }

    private static async Task<BoltVersion> ShakeHandsAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(BoltVersion.Handshake, cancellationToken).ConfigureAwait(false);
        var answer = new byte[BoltVersion.AnswerBytes];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return BoltVersion.Agreed(answer);
    }

    private async Task IntroduceAsync(BoltConnection connection, CancellationToken cancellationToken)
    {
        var hello = new Dictionary<string, object?>
        {
            ["user_agent"] = config.UserAgent,
            ["routing"] = origin.IsRouted ? origin.RoutingContext : null,
        };
        var version = connection.Version;
        if (version >= new BoltVersion(5, 3)) hello["bolt_agent"] = BoltAgent;
        if (version >= new BoltVersion(5, 2)) (config.NotificationsConfig as NotificationsConfig)?.AddTo(hello);
        if (version.Major < 5) hello["patch_bolt"] = new[] { "utc" };
        var separateLogon = version >= new BoltVersion(5, 1);
        if (!separateLogon)
        {
            foreach (var (key, value) in AuthToken.ContentOf(token)) hello[key] = value;
        }

        var greeting = await connection.AskAsync(MapRequest.Hello(hello), cancellationToken).ConfigureAwait(false);
        if (separateLogon) await connection.AskAsync(MapRequest.Logon(AuthToken.ContentOf(token)), cancellationToken).ConfigureAwait(false);
        connection.Agent = greeting.GetValueOrDefault("server") as string ?? "";
        if (greeting.GetValueOrDefault("patch_bolt") is List<object?> patches && patches.Contains("utc")) connection.UtcDateTimes = true;
        if (greeting.GetValueOrDefault("hints") is Dictionary<string, object?> hints
            && hints.GetValueOrDefault("connection.recv_timeout_seconds") is long and > 0 and var seconds)
        {
            connection.ReadTimeout = TimeSpan.FromSeconds(seconds);
        }
    }
}
