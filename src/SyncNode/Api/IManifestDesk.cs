using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What the API may ask about the node's manifests. What is refused is an <see cref="ApiRefusal"/>; mistakes in manifests are a <see cref="PipelineFailure"/> with all of them.</summary>
internal interface IManifestDesk
{
    ManifestList List();

    /// <summary>What a set would change, without changing anything.</summary>
    Task<ManifestPlan> PlanAsync(ManifestSet set, CancellationToken cancellationToken);

    /// <summary>Starts the pipeline, or has it go on with what the manifest says now, and keeps the manifest.</summary>
    Task<ManifestChange> ApplyAsync(string pipeline, ManifestFile manifest, bool isDry, CancellationToken cancellationToken);

    /// <summary>Stops the pipeline and forgets its manifest.</summary>
    /// <param name="drop">Drop its slot and publication, too.</param>
    Task<ManifestRemoved> RemoveAsync(string pipeline, bool drop, CancellationToken cancellationToken);
}
