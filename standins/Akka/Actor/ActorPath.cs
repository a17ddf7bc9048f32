namespace Akka.Actor;

/// <summary>Where an actor stands in the tree. Two paths are equal when they name the same place, whichever incarnation lives there.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may hold beside letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly string _local;

    private protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
        Parent = this;
        Root = this;
        _local = "/";
    }

    private protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Parent = parentPath;
        Root = parentPath.Root;
        Depth = parentPath.Depth + 1;
        _local = parentPath.Depth == 0 ? $"/{name}" : $"{parentPath._local}/{name}";
    }

    /// <summary>The system.</summary>
    public Address Address { get; }

    /// <summary>How many steps from the root; 0 is the root.</summary>
    public int Depth { get; }

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Elements => Depth == 0 ? [""] : _local[1..].Split('/');

    /// <summary>The last name.</summary>
    public string Name { get; }

    /// <summary>The path above; the root's is itself.</summary>
    public ActorPath Parent { get; }

    /// <summary>The root of the tree.</summary>
    public ActorPath Root { get; }

    /// <summary>Which incarnation; 0 says any.</summary>
    public long Uid { get; }

    /// <summary>The path one step down.</summary>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>The path above at that depth; a negative one counts from here.</summary>
    public ActorPath ParentOf(int depth)
    {
        var path = this;
        for (var target = depth >= 0 ? depth : Depth + depth; path.Depth > target && path.Depth > 0;)
            path = path.Parent;
        return path;
    }

    /// <inheritdoc />
    public int CompareTo(ActorPath other) => string.CompareOrdinal(ToString(), other?.ToString());

    /// <inheritdoc />
    public bool Equals(ActorPath other) => other is not null && _local == other._local && Address.Equals(other.Address);

    /// <inheritdoc />
    public override bool Equals(object obj) => Equals(obj as ActorPath);

    /// <inheritdoc />
    public override int GetHashCode() => _local.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path with address and incarnation.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>The path with that address, unless it has a global one of its own, and the incarnation.</summary>
    public string ToSerializationFormatWithAddress(Address address) => WithUidSuffix(ToStringWithAddress(address));

    /// <inheritdoc />
    public override string ToString() => $"{Address}{_local}";

    /// <summary>The path with its address.</summary>
    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>The path with that address, unless it has a global one of its own.</summary>
    public string ToStringWithAddress(Address address) => Address.HasGlobalScope ? $"{Address}{_local}" : $"{address}{_local}";

    /// <summary>The path with address and incarnation.</summary>
    public string ToStringWithUid() => WithUidSuffix(ToString());

    /// <summary>The path from the root.</summary>
    public string ToStringWithoutAddress() => _local;

    /// <summary>The path of that incarnation.</summary>
    public ActorPath WithUid(long uid) => Depth == 0 ? this : new ChildActorPath(Parent, Name, uid);

    /// <summary>Joins names to a path from the root.</summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => $"/{string.Join('/', pathElements)}";

    /// <summary>Whether an actor may have that name.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] == '%' && i + 2 < s.Length && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2]))
                i += 2;
            else if (!char.IsAsciiLetterOrDigit(s[i]) && !ValidSymbols.Contains(s[i]))
                return false;
        }
        return true;
    }

    /// <summary>Reads a path; a malformed one is a <see cref="UriFormatException"/>.</summary>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    /// <summary>Reads a path with its address.</summary>
    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out var address))
            return false;
        var start = path.IndexOf('/', path.IndexOf("://", StringComparison.Ordinal) + 3);
        ActorPath result = new RootActorPath(address);
        foreach (var element in (start < 0 ? "" : path[start..]).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = element.IndexOf('#');
            var uid = hash >= 0 && long.TryParse(element[(hash + 1)..], out var number) ? number : 0;
            result = new ChildActorPath(result, hash < 0 ? element : element[..hash], uid);
        }
        actorPath = result;
        return true;
    }

    /// <summary>The path one step down.</summary>
    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#');
        return hash >= 0 && long.TryParse(name[(hash + 1)..], out var uid)
            ? new ChildActorPath(path, name[..hash], uid)
            : new ChildActorPath(path, name, 0);
    }

    /// <summary>The path several steps down.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Where(n => n.Length > 0).Aggregate(path, (p, n) => p / n);

    /// <summary>Whether both name the same place.</summary>
    public static bool operator ==(ActorPath left, ActorPath right) => Equals(left, right);

    /// <summary>Whether they name different places.</summary>
    public static bool operator !=(ActorPath left, ActorPath right) => !Equals(left, right);

    private string WithUidSuffix(string path) => Uid == 0 ? path : $"{path}#{Uid}";
}

/// <summary>The root of the tree of a system.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>Of the system at that address.</summary>
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
    }
}

/// <summary>A place below another.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>Below <paramref name="parentPath"/>; a uid of 0 says any incarnation.</summary>
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath, name, uid)
    {
    }
}
