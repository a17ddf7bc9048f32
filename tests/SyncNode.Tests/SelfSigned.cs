using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>Certificates of 127.0.0.1 that sign themselves, in a folder of their own.</summary>
internal sealed class SelfSigned : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-tls-").FullName;

    public string Certificate => Path.Combine(_folder, "api.pem");

    public string Key => Path.Combine(_folder, "api.key");

    public string Pfx => Path.Combine(_folder, "api.pfx");

    /// <summary>Makes a pair.</summary>
    /// <returns>Its thumbprint, and what writes its two halves to the files.</returns>
    public (string Thumbprint, Action WriteCertificate, Action WriteKey) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=api", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (pem, privateKey, pfx) = (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), made.Export(X509ContentType.Pfx, "pfx-password"));
        return (made.Thumbprint, () =>
        {
            File.WriteAllText(Certificate, pem);
            File.WriteAllBytes(Pfx, pfx);
        }, () => File.WriteAllText(Key, privateKey));
    }

    /// <summary>Makes a pair and writes it.</summary>
    public string Write()
    {
        var (thumbprint, certificate, key) = Make();
        certificate();
        key();
        return thumbprint;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
