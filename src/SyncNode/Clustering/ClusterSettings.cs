using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>How a node of role cluster finds the others, and what it does where it cannot reach them.</summary>
/// <param name="Host">Where it listens for the other nodes.</param>
/// <param name="PublicHost">Where they reach it; null: as <paramref name="Host"/>.</param>
/// <param name="Seeds">Nodes that are asked to let it in, the first of which may begin a cluster; empty: it is one on its own.</param>
/// <param name="Roles">Labels, for who looks at the members.</param>
/// <param name="MinimumMembers">So many nodes are there before the first pipeline is placed.</param>
/// <param name="Quorum">Of <see cref="SplitBrain.StaticQuorum"/>; null: of the others.</param>
/// <param name="StableAfter">So long members see one another, or do not, before it is decided who goes on.</param>
/// <param name="Certificate">Null: in the clear.</param>
internal sealed record ClusterSettings(
    string Host, int Port, string? PublicHost, int? PublicPort, IReadOnlyList<ClusterSeed> Seeds, IReadOnlyList<string> Roles, int MinimumMembers, SplitBrain SplitBrain, int? Quorum, TimeSpan StableAfter,
    ApiCertificateFiles? Certificate)
{
    public const string System = "polysync";

    /// <summary>As Akka writes the addresses.</summary>
    public IReadOnlyList<string> SeedAddresses => [.. Seeds.Select(s => $"akka.{(Certificate is null ? "" : "ssl.")}tcp://{System}@{s.Host}:{s.Port}")];
}

internal readonly record struct ClusterSeed(string Host, int Port)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>Who goes on where nodes do not reach one another.</summary>
internal enum SplitBrain : byte
{
    /// <summary>The side with more nodes; of two alike the one with the lowest address.</summary>
    KeepMajority,
    /// <summary>The side with the oldest node, unless that is alone.</summary>
    KeepOldest,
    /// <summary>The side with so many nodes.</summary>
    StaticQuorum,
}
