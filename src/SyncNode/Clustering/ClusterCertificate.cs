using System.Security.Cryptography.X509Certificates;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>What a node proves itself with to those that connect to it. Read once, at the start.</summary>
internal static class ClusterCertificate
{
    public static X509Certificate2 Load(ApiCertificateFiles files) => files.IsPem() ? files.ReadPem() : X509CertificateLoader.LoadPkcs12FromFile(files.Certificate, files.Password);

    /// <returns>null where it can be used.</returns>
    public static string? WhatIsWrong(ApiCertificateFiles files)
    {
        try
        {
            using var certificate = Load(files);
            return certificate.HasPrivateKey ? null : "it holds no private key";
        }
        catch (Exception e) when (ApiCertificateFiles.IsUnfit(e))
        {
            return e.Message;
        }
    }
}
