using PolyglotSync.Actors.Placing;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>What the other nodes may ask of this node's manifests.</summary>
internal interface IManifestShare
{
    /// <summary>Those that came as text, and those that were removed.</summary>
    IReadOnlyList<SharedManifest> Shared();

    /// <returns>Why this node could not run it; empty where it could.</returns>
    IReadOnlyList<string> Check(SharedManifest manifest);

    /// <summary>Takes what is newer than its own, keeps it in its folder, and goes by it.</summary>
    /// <returns>Why it cannot; empty where it did, or has it already.</returns>
    Task<IReadOnlyList<string>> TakeAsync(SharedManifest manifest);
}
