namespace Akka.Actor;

/// <summary>The address of an actor system: protocol, name and, when it can be reached from elsewhere, host and port.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>Stands for all systems.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private readonly string _text;

    /// <summary>Of those parts.</summary>
    public Address(string protocol, string system, string host = null, int? port = default)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
        _text = $"{protocol}://{system}{(string.IsNullOrEmpty(host) ? "" : $"@{Host}")}{(port.HasValue ? $":{port}" : "")}";
    }

    /// <summary>Whether there is a host: the address means the same everywhere.</summary>
    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    /// <summary>Whether there is no host.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>The host, or null.</summary>
    public string Host { get; }

    /// <summary>The port, or null.</summary>
    public int? Port { get; }

    /// <summary>"akka", or "akka.tcp" for a remote one.</summary>
    public string Protocol { get; }

    /// <summary>The name of the actor system.</summary>
    public string System { get; }

    /// <summary>The address without its protocol.</summary>
    public string HostPort() => _text[(Protocol.Length + 3)..];

    /// <inheritdoc />
    public int CompareTo(Address other) => string.CompareOrdinal(_text, other?._text);

    /// <inheritdoc />
    public bool Equals(Address other) => other is not null && _text == other._text;

    /// <inheritdoc />
    public override bool Equals(object obj) => Equals(obj as Address);

    /// <inheritdoc />
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => _text;

    /// <summary>The address at another host.</summary>
    public Address WithHost(string host = null) => new(Protocol, System, host, Port);

    /// <summary>The address at another port.</summary>
    public Address WithPort(int? port = default) => new(Protocol, System, Host, port);

    /// <summary>The address with another protocol.</summary>
    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    /// <summary>The address of another system.</summary>
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary>Reads an address; a malformed one is a <see cref="UriFormatException"/>.</summary>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"'{address}' is not an address of an actor system.");

    /// <summary>Reads an address, or the address of a path.</summary>
    public static bool TryParse(string path, out Address address)
    {
        address = null;
        var scheme = path?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme <= 0 || !path.StartsWith("akka", StringComparison.Ordinal))
            return false;
        var rest = path[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.IndexOf('@');
        var system = at < 0 ? authority : authority[..at];
        if (system.Length == 0)
            return false;
        var host = at < 0 ? null : authority[(at + 1)..];
        int? port = null;
        var colon = host?.LastIndexOf(':') ?? -1;
        if (colon >= 0)
        {
            if (!int.TryParse(host[(colon + 1)..], out var number))
                return false;
            port = number;
            host = host[..colon];
        }
        address = new Address(path[..scheme], system, host, port);
        return true;
    }

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(Address left, Address right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Address left, Address right) => !Equals(left, right);
}
