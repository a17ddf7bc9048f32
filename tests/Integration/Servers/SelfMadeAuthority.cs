using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolyglotSync.Integration.Servers;

/// <summary>A certificate authority for one test run, and what it has signed, as PEM files in a folder of its own.</summary>
public sealed class SelfMadeAuthority : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-ca-").FullName;

    public SelfMadeAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        Certificate = Write("ca.pem", _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate: whom to trust.</summary>
    public string Certificate { get; }

    /// <summary>Signs a certificate for 127.0.0.1.</summary>
    /// <returns>Files of the certificate, of its key, and of both.</returns>
    public (string Certificate, string Key, string Both) Sign(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var signed = request.Create(_certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var (certificate, privateKey) = (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        return (Write($"{name}.pem", certificate), Write($"{name}.key", privateKey), Write($"{name}-both.pem", $"{privateKey}\n{certificate}\n"));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
