using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Neo4j.Driver.Internal.Security;

namespace Neo4j.Driver;

/// <summary>Decides whether a server's certificate is good.</summary>
public abstract class TrustManager
{
    public abstract bool ValidateServerCertificate(
        Uri uri, X509Certificate2 certificate, X509Chain chain, SslPolicyErrors sslPolicyErrors);

    /// <summary>Trusts any certificate, on request only for its host name.</summary>
    public static TrustManager CreateInsecure(bool verifyHostname = false) => new InsecureTrust(verifyHostname);

    /// <summary>Trusts what the system's certificate authorities vouch for.</summary>
    public static TrustManager CreateChainTrust(
        bool verifyHostname = true,
        X509RevocationMode revocationMode = X509RevocationMode.NoCheck,
        X509RevocationFlag revocationFlag = X509RevocationFlag.ExcludeRoot,
        bool useMachineContext = false) =>
        new ChainTrust(verifyHostname, revocationMode, revocationFlag, useMachineContext);

    /// <summary>Trusts the given certificates and what they vouch for.</summary>
    public static TrustManager CreateCertTrust(IEnumerable<X509Certificate2> trusted, bool verifyHostname = true) =>
        new CertificateTrust(trusted, verifyHostname);
}
