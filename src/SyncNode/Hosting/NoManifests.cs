using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Of a node that only captures: it has no pipelines that could be changed.</summary>
internal sealed class NoManifests : IManifestDesk
{
    public ManifestList List() => new([], null);

    public Task<ManifestPlan> PlanAsync(ManifestSet set, CancellationToken cancellationToken) => throw Refusal();

    public Task<ManifestChange> ApplyAsync(string pipeline, ManifestFile manifest, bool isDry, CancellationToken cancellationToken) => throw Refusal();

    public Task<ManifestRemoved> RemoveAsync(string pipeline, bool drop, CancellationToken cancellationToken) => throw Refusal();

    private static ApiRefusal Refusal() => new(409, "this node only captures", "manifests are applied to the node that writes the graph; stop this one and start it with other manifests");
}
