#nullable enable
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Neo4j.Driver.Internal.Security;

/// <summary>What every policy asks first: is there a certificate, is it in its time, does it name the host.</summary>
internal abstract class TrustPolicy(bool verifyHostname) : TrustManager
{
    public sealed override bool ValidateServerCertificate(
        Uri uri, X509Certificate2 certificate, X509Chain chain, SslPolicyErrors sslPolicyErrors)
    {
        if (certificate == null || sslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
        if (verifyHostname && sslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        return Trusts(certificate);
    }

    protected abstract bool Trusts(X509Certificate2 certificate);

    protected static bool InItsTime(X509Certificate2 certificate) =>
        DateTime.Now >= certificate.NotBefore && DateTime.Now <= certificate.NotAfter;
}

internal sealed class InsecureTrust(bool verifyHostname) : TrustPolicy(verifyHostname)
{
    protected override bool Trusts(X509Certificate2 certificate) => true;
}

internal sealed class ChainTrust(
    bool verifyHostname, X509RevocationMode revocationMode, X509RevocationFlag revocationFlag, bool useMachineContext) : TrustPolicy(verifyHostname)
{
    protected override bool Trusts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain(useMachineContext);
        chain.ChainPolicy.RevocationMode = revocationMode;
        chain.ChainPolicy.RevocationFlag = revocationFlag;
        return InItsTime(certificate) && chain.Build(certificate);
    }
}

internal sealed class CertificateTrust(IEnumerable<X509Certificate2> trusted, bool verifyHostname) : TrustPolicy(verifyHostname)
{
    private readonly X509Certificate2[] _trusted = trusted.ToArray();

    protected override bool Trusts(X509Certificate2 certificate)
    {
        if (!InItsTime(certificate)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        return chain.Build(certificate) || _trusted.Any(t => t.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
    }
}
