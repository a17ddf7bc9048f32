namespace PolyglotSync.SyncNode.Clustering;

/// <summary>A setting of the cluster: an option of <c>run</c>, and a variable for what the option does not say.</summary>
internal sealed record ClusterKey(string Name, string Help, string Description)
{
    public string Option => $"--cluster-{Name}";

    public string Variable => $"POLYSYNC_CLUSTER_{Name.Replace('-', '_').ToUpperInvariant()}";
}

internal static class ClusterKeys
{
    /// <summary>Not an option: the process list would show it.</summary>
    public const string PasswordVariable = "POLYSYNC_CLUSTER_CERTIFICATE_PASSWORD";

    public static readonly ClusterKey Host = new("host", "HOST", "where the node listens for the others (default: 127.0.0.1)");
    public static readonly ClusterKey Port = new("port", "N", $"its port (default: {ClusterReader.DefaultPort})");
    public static readonly ClusterKey PublicHost = new("public-host", "HOST", "where the others reach it (default: --cluster-host)");
    public static readonly ClusterKey PublicPort = new("public-port", "N", "at which port (default: --cluster-port)");
    public static readonly ClusterKey Seeds = new("seeds", "HOST:PORT,…", "public addresses of nodes to join, in the same order on every node; the first begins a cluster (default: none, a cluster of one)");
    public static readonly ClusterKey Roles = new("roles", "NAME,…", "labels of the node, for who looks at the members");
    public static readonly ClusterKey MinimumMembers = new("min-members", "N", "place no pipeline before so many nodes are there (default: 1)");
    public static readonly ClusterKey SplitBrain = new("split-brain", "keep-majority|keep-oldest|static-quorum", "which side goes on where nodes do not reach one another (default: keep-majority)");
    public static readonly ClusterKey Quorum = new("quorum", "N", "nodes that static-quorum wants");
    public static readonly ClusterKey StableAfter = new("stable-after", "TIME", "how long it is looked at before that is decided (default: 10s)");
    public static readonly ClusterKey Certificate = new("certificate", "FILE", "certificate for TLS between the nodes, PEM or PFX");
    public static readonly ClusterKey Key = new("key", "FILE", "its key, PEM, where it is in a file of its own");
    public static readonly ClusterKey Insecure = new("insecure", "true", "talk in the clear on an address that others reach");

    public static IReadOnlyList<ClusterKey> All { get; } = [Host, Port, PublicHost, PublicPort, Seeds, Roles, MinimumMembers, SplitBrain, Quorum, StableAfter, Certificate, Key, Insecure];
}
