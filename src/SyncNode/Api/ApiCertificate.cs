using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Api;

/// <param name="Certificate">PEM, the certificate first and then what signed it, or a PFX.</param>
/// <param name="Key">PEM; null: in the same file.</param>
/// <param name="Password">Of the PFX or the key; null where it has none.</param>
internal sealed record ApiCertificateFiles(string Certificate, string? Key, string? Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => Key is null ? Certificate : $"{Certificate} with the key {Key}";

    public bool IsPem() => File.ReadAllText(Certificate).Contains("-----BEGIN ", StringComparison.Ordinal);

    /// <summary>Of PEM: the certificate with its key.</summary>
    public X509Certificate2 ReadPem() => Password is { } password ? X509Certificate2.CreateFromEncryptedPemFile(Certificate, password, Key) : X509Certificate2.CreateFromPemFile(Certificate, Key);

    /// <summary>Whether the files are of no use, and not the program.</summary>
    public static bool IsUnfit(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}

/// <summary>
/// What the API proves itself with over TLS. The files are read for every connection that is opened, and taken when they have changed: a certificate is renewed without a restart. While they do not fit
/// together (one is new, the other is not yet) the last good pair stays.
/// </summary>
internal sealed class ApiCertificate
{
    private readonly ApiCertificateFiles _files;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _context;
    private byte[] _seen;

    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.Usage"/>: a file cannot be read, or holds no certificate with its key.</exception>
    public ApiCertificate(ApiCertificateFiles files)
    {
        _files = files;
        try
        {
            (_seen, _context) = (Read(), Load());
        }
        catch (Exception e) when (ApiCertificateFiles.IsUnfit(e))
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the API's certificate {files} cannot be used: {e.Message}; --api-certificate takes PEM (and --api-key its key) or a PFX", e)
            {
                ExitCode = ExitCode.Usage,
            };
        }
    }

    /// <summary>As the files are now.</summary>
    /// <param name="log">Told, once for each state of the files, where they are of no use.</param>
    public SslStreamCertificateContext Current(ILogger log)
    {
        lock (_lock)
        {
            try
            {
                var now = Read();
                if (now.AsSpan().SequenceEqual(_seen)) return _context;
                _seen = now;
                _context = Load();
                NodeLog.CertificateTaken(log, _files.Certificate, _context.TargetCertificate.NotAfter);
            }
            catch (Exception e) when (ApiCertificateFiles.IsUnfit(e))
            {
                NodeLog.CertificateUnfit(log, _files.Certificate, e.Message);
            }
            return _context;
        }
    }

    private byte[] Read() => _files.Key is null ? File.ReadAllBytes(_files.Certificate) : [.. File.ReadAllBytes(_files.Certificate), .. File.ReadAllBytes(_files.Key)];

    private SslStreamCertificateContext Load()
    {
        var signers = new X509Certificate2Collection();
        X509Certificate2 own;
        if (_files.IsPem())
        {
            signers.ImportFromPemFile(_files.Certificate);
            own = _files.ReadPem();
        }
        else
        {
            signers = X509CertificateLoader.LoadPkcs12CollectionFromFile(_files.Certificate, _files.Password);
            own = signers.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
        }
        return SslStreamCertificateContext.Create(own, [.. signers.Where(c => c.Thumbprint != own.Thumbprint)], offline: true);
    }
}
