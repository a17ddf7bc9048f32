using PolyglotSync.Actors.Placing;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>Tells the other nodes what a person applied here.</summary>
internal interface IManifestSpread
{
    /// <exception cref="ApiRefusal">A node cannot read it.</exception>
    Task CheckAsync(SharedManifest manifest, CancellationToken cancellationToken);

    /// <returns>What to tell the person: nodes that did not answer hear of it later.</returns>
    Task<IReadOnlyList<string>> TellAsync(SharedManifest manifest);
}

/// <summary>Of a node on its own.</summary>
internal sealed class NoSpread : IManifestSpread
{
    public Task CheckAsync(SharedManifest manifest, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> TellAsync(SharedManifest manifest) => Task.FromResult<IReadOnlyList<string>>([]);
}
