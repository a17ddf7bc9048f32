namespace Neo4j.Driver;

/// <summary>Where a server listens.</summary>
public sealed class ServerAddress : IEquatable<ServerAddress>
{
    private ServerAddress(string host, int port) => (Host, Port) = (host, port);

    public string Host { get; }

    public int Port { get; }

    public static ServerAddress From(string host, int port) => new(host ?? throw new ArgumentNullException(nameof(host)), port);

    public static ServerAddress From(Uri uri) => new(uri.Host, uri.Port);

    public bool Equals(ServerAddress other) =>
        other is not null && Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => Equals(obj as ServerAddress);

    public override int GetHashCode() => HashCode.Combine(Host.ToLowerInvariant(), Port);

    public override string ToString() => $"{Host}:{Port}";
}
