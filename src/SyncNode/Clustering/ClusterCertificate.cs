using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>What a node proves itself with to those that connect to it. Read once, at the start.</summary>
internal static class ClusterCertificate
{
    public static X509Certificate2 Load(ApiCertificateFiles files)
    {
        if (!File.ReadAllText(files.Certificate).Contains("-----BEGIN ", StringComparison.Ordinal)) return X509CertificateLoader.LoadPkcs12FromFile(files.Certificate, files.Password);
        return files.Password is { } password ? X509Certificate2.CreateFromEncryptedPemFile(files.Certificate, password, files.Key) : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
    }

    /// <returns>null where it can be used.</returns>
    public static string? WhatIsWrong(ApiCertificateFiles files)
    {
        try
        {
            using var certificate = Load(files);
            return certificate.HasPrivateKey ? null : "it holds no private key";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }
}
