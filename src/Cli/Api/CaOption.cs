using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Api;

/// <summary><c>--api-ca FILE</c>: whom to trust where a node's API speaks TLS with a certificate that the machine does not know.</summary>
public static class CaOption
{
    public const string Variable = "POLYSYNC_API_CA";

    public static Option<string?> Create() => new("--api-ca")
    {
        Description = $"PEM file with the authority that signed the API's certificate, or the certificate itself (default: {Variable}, else whom the machine trusts)", HelpName = "FILE",
    };

    /// <summary>The client of a node.</summary>
    /// <param name="file">What the option says.</param>
    /// <exception cref="PipelineFailure">The file holds no certificate.</exception>
    public static NodeClient Client(Uri api, string? file, string? token = null)
    {
        if (string.IsNullOrEmpty(file)) file = Environment.GetEnvironmentVariable(Variable);
        return new NodeClient(api, Handler(file), token);
    }

    /// <summary>Null: as the machine trusts.</summary>
    private static SocketsHttpHandler? Handler(string? file)
    {
        if (string.IsNullOrEmpty(file)) return null;
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(file);
            if (trusted.Count == 0) throw new CryptographicException("it holds no certificate");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"'{file}' (--api-ca or {Variable}) cannot be used: {e.Message}; it takes certificates as PEM", e) { ExitCode = ExitCode.Usage };
        }
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        return new SocketsHttpHandler { ConnectTimeout = NodeClient.ConnectTime, SslOptions = { CertificateChainPolicy = policy } };
    }
}
