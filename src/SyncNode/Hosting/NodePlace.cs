using Akka.Actor;
using Akka.Cluster;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Whether the node shares its pipelines with others, and which are its own at the moment.</summary>
internal sealed class NodePlace(bool isClustered, Func<ActorSystem> system)
{
    public bool IsClustered => isClustered;

    /// <summary>As the others know it; null where there are none.</summary>
    public string? Name => isClustered ? PlacingHosting.NameOf(Akka.Cluster.Cluster.Get(system()).SelfAddress) : null;

    /// <summary>Why it can run none now; null where it can.</summary>
    public string? Unready => isClustered && Akka.Cluster.Cluster.Get(system()).SelfMember.Status is var status and not MemberStatus.Up
        ? $"this node, {Name}, is no full member of its cluster: it is {status.ToString().ToLowerInvariant()}" : null;

    public IReadOnlyList<PipelineStatus> Own(IReadOnlyList<PipelineStatus> all)
    {
        var name = Name;
        return name is null ? all : [.. all.Where(p => p.Node == name)];
    }
}
