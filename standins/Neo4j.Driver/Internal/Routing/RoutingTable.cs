#nullable enable
namespace Neo4j.Driver.Internal.Routing;

/// <summary>Who leads, follows and knows the way for one database, and for how long this is sure.</summary>
internal sealed record RoutingTable(
    string? Database, IReadOnlyList<ServerAddress> Writers, IReadOnlyList<ServerAddress> Readers, IReadOnlyList<ServerAddress> Routers, DateTimeOffset ExpiresAt)
{
    public IReadOnlyList<ServerAddress> For(AccessMode mode) => mode == AccessMode.Write ? Writers : Readers;

    /// <exception cref="ProtocolException">The server's answer to ROUTE is no table.</exception>
    public static RoutingTable From(Dictionary<string, object?> answer, string? database, DateTimeOffset now)
    {
        if (answer.GetValueOrDefault("rt") is not Dictionary<string, object?> table || table.GetValueOrDefault("servers") is not List<object?> servers)
        {
            throw new ProtocolException("The server answered ROUTE without a routing table.");
        }

        var seconds = table.GetValueOrDefault("ttl") is long ttl ? Math.Clamp(ttl, 0, 86_400L * 365) : 300;
        return new RoutingTable(
            table.GetValueOrDefault("db") as string ?? database,
            Addresses(servers, "WRITE"),
            Addresses(servers, "READ"),
            Addresses(servers, "ROUTE"),
            now.AddSeconds(seconds));
    }

    private static List<ServerAddress> Addresses(List<object?> servers, string role) => servers
        .OfType<Dictionary<string, object?>>()
        .Where(server => server.GetValueOrDefault("role") as string == role)
        .SelectMany(server => server.GetValueOrDefault("addresses") as List<object?> ?? [])
        .OfType<string>()
        .Select(Parse)
        .ToList();

    private static ServerAddress Parse(string address)
    {
        var uri = new Uri($"bolt://{address}");
        return ServerAddress.From(uri.Host, uri.Port < 0 ? Bolt.ServerUri.DefaultPort : uri.Port);
    }
}
