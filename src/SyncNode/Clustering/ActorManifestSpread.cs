using Akka.Actor;
using Akka.Cluster;
using PolyglotSync.Actors.Placing;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>Asks <c>/user/manifests</c> of the other members.</summary>
internal sealed class ActorManifestSpread(ActorSystem system) : IManifestSpread
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public async Task CheckAsync(SharedManifest manifest, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Others(system).Select(o => AskAsync(o, new CheckManifest(manifest))));
        if (answers.OfType<ManifestHeard>().Where(a => a.Mistakes.Count > 0).ToList() is { Count: > 0 } refused)
        {
            throw new ApiRefusal(409, string.Join("; ", refused.Select(r => $"node {r.Node} could not run it: {string.Join("; ", r.Mistakes)}")),
                "every node of a cluster runs any pipeline: give each the same environment and secret files; nothing was changed");
        }
    }

    public async Task<IReadOnlyList<string>> TellAsync(SharedManifest manifest)
    {
        var answers = await Task.WhenAll(Others(system).Select(async o => (o.Name, Heard: await AskAsync(o, new TakeManifest(manifest)))));
        return [.. answers.Where(a => a.Heard is not { Mistakes.Count: 0 })
            .Select(a => $"node {a.Name} {(a.Heard is null ? "did not answer; it hears of it once it does" : $"could not take it: {string.Join("; ", a.Heard.Mistakes)}")}")];
    }

    /// <summary>Members that are to stay, but for this one.</summary>
    public static IEnumerable<(string Name, ActorSelection Manifests)> Others(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        return cluster.State.Members.Where(m => m.Status is MemberStatus.Up or MemberStatus.WeaklyUp && !m.UniqueAddress.Equals(cluster.SelfUniqueAddress))
            .Select(m => (PlacingHosting.NameOf(m.Address), system.ActorSelection(new RootActorPath(m.Address) / "user" / "manifests")));
    }

    private static async Task<ManifestHeard?> AskAsync((string Name, ActorSelection Manifests) other, object question)
    {
        try
        {
            return await other.Manifests.Ask<ManifestHeard>(question, AnswerWithin);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
