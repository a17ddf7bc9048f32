namespace PolyglotSync.Contracts;

/// <summary>A manifest as the node holds it.</summary>
/// <param name="File">The file that it came from and is kept in; null where it was said on the command line or is kept in memory only.</param>
/// <param name="Text">As it was written: placeholders stay, passwords in it are masked. Null where the pipeline was said on the command line.</param>
/// <param name="IsKept">Whether a node that is started again in the same way has it as it is now.</param>
public sealed record ManifestView(string Pipeline, string? File, string? Text, bool IsKept);

/// <summary><c>GET /api/manifests</c>.</summary>
/// <param name="Folder">Where the node keeps what is applied; null: in memory, until it ends.</param>
public sealed record ManifestList(IReadOnlyList<ManifestView> Manifests, string? Folder);

/// <param name="File">Its name for messages.</param>
public sealed record ManifestFile(string File, string Text);

/// <summary>The body of <c>POST /api/manifests/plan</c>.</summary>
/// <param name="IsWhole">Whether the node is to run these pipelines and no others.</param>
public sealed record ManifestSet(IReadOnlyList<ManifestFile> Manifests, bool IsWhole = false);

/// <summary>What applying a set would change, removals first, then by name.</summary>
public sealed record ManifestPlan(IReadOnlyList<ManifestChange> Changes, string? Folder);

public enum ManifestAction : byte { Added, Changed, Unchanged, Removed }

/// <summary>What has to happen for a manifest to take effect.</summary>
public enum ManifestNeed : byte
{
    Nothing,
    /// <summary>The pipeline is started, and copies its tables first where the graph has nothing of it.</summary>
    Start,
    /// <summary>What is in flight is written, then the pipeline goes on from its position with the new settings.</summary>
    Restart,
    /// <summary>The same, and tables that are new in it are copied beside the stream.</summary>
    CopyTables,
    /// <summary>Nothing but a copy into an empty graph would do: refused.</summary>
    CopyAnew,
    /// <summary>What is in flight is written, then the pipeline is no more.</summary>
    Stop,
}

/// <summary>What applying one manifest changes, or has changed.</summary>
/// <param name="File">Its name, as it was given; null for one that is removed.</param>
/// <param name="Keys">What differs, by key.</param>
/// <param name="Tables">Tables that would be copied.</param>
/// <param name="Notes">What a person should know, for each a sentence.</param>
/// <param name="Refusal">Why it is not done, and what to do; null where it is.</param>
public sealed record ManifestChange(
    string Pipeline, string? File, ManifestAction Action, ManifestNeed Need, IReadOnlyList<ManifestKeyChange> Keys, IReadOnlyList<string> Tables, IReadOnlyList<string> Notes, string? Refusal = null);

/// <param name="Old">null: it was not said.</param>
/// <param name="New">null: it is not said any more.</param>
public sealed record ManifestKeyChange(string Key, string? Old, string? New);

/// <summary><c>DELETE /api/manifests/{name}</c>.</summary>
/// <param name="Dropped">What was dropped in the source, such as "slot 'polysync_shop'".</param>
/// <param name="Notes">What is left, and what to do about it.</param>
public sealed record ManifestRemoved(string Pipeline, IReadOnlyList<string> Dropped, IReadOnlyList<string> Notes);
