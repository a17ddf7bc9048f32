#nullable enable
namespace Neo4j.Driver.Internal.Bolt;

/// <summary>What a URI says: where, routed or not, encrypted or not, and the routing context.</summary>
internal sealed record ServerUri(Uri Uri, ServerAddress Address, bool IsRouted, TrustManager? Trust, Dictionary<string, object?> RoutingContext)
{
    public const int DefaultPort = 7687;

    public bool IsEncrypted => Trust != null;

    /// <exception cref="NotSupportedException">The scheme is not known.</exception>
    /// <exception cref="ArgumentException">The URI and the configuration contradict each other.</exception>
    public static ServerUri Parse(Uri uri, Config config)
    {
        var scheme = uri.Scheme.ToLowerInvariant();
        if (scheme is not ("bolt" or "bolt+s" or "bolt+ssc" or "neo4j" or "neo4j+s" or "neo4j+ssc"))
        {
            throw new NotSupportedException($"Unsupported URI scheme: {uri.Scheme}. It is one of bolt, bolt+s, bolt+ssc, neo4j, neo4j+s, neo4j+ssc.");
        }

        var routed = scheme.StartsWith("neo4j", StringComparison.Ordinal);
        if (!routed && uri.Query.Length > 1) throw new ArgumentException($"Routing context is not supported with scheme {scheme}: {uri.Query}");
        var address = ServerAddress.From(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port);
        return new ServerUri(uri, address, routed, TrustOf(scheme, config), Context(uri, address));
    }

    private static TrustManager? TrustOf(string scheme, Config config)
    {
        var configured = config.ChosenEncryptionLevel != null || config.TrustManager != null;
        if (scheme.Contains('+'))
        {
            if (configured) throw new ArgumentException($"Encryption and trust are set by the scheme {scheme} and by the configuration; one of them is enough.");
            return scheme.EndsWith("+ssc", StringComparison.Ordinal) ? TrustManager.CreateInsecure() : TrustManager.CreateChainTrust();
        }

        return config.EncryptionLevel == EncryptionLevel.Encrypted ? config.TrustManager ?? TrustManager.CreateChainTrust() : null;
    }

    private static Dictionary<string, object?> Context(Uri uri, ServerAddress address)
    {
        var context = new Dictionary<string, object?> { ["address"] = address.ToString() };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts is not [{ Length: > 0 } key, { Length: > 0 } value] || !context.TryAdd(key, Uri.UnescapeDataString(value)))
            {
                throw new ArgumentException($"The routing context '{uri.Query}' has no value, two values or a reserved name in '{pair}'.");
            }
        }

        return context;
    }
}
