namespace PolyglotSync.Actors.Placing;

/// <summary>A manifest as the nodes of a cluster hand it on: its text, never what was read from it, since each node reads it with secrets of its own.</summary>
/// <param name="Version">When a person gave it; of two the later one counts, on whichever node it was said.</param>
/// <param name="Text">null: the pipeline was removed then.</param>
public sealed record SharedManifest(string Pipeline, DateTimeOffset Version, string? Text);

/// <summary>To the manifests of another node: could you run this? Answered with <see cref="ManifestHeard"/>.</summary>
public sealed record CheckManifest(SharedManifest Manifest);

/// <summary>To the manifests of another node: this counts from now on. Answered with <see cref="ManifestHeard"/>.</summary>
public sealed record TakeManifest(SharedManifest Manifest);

/// <param name="Node">Who answers.</param>
/// <param name="Mistakes">Why it cannot take it; empty where it can.</param>
public sealed record ManifestHeard(string Node, IReadOnlyList<string> Mistakes);

/// <summary>To the manifests of the other nodes, again and again: what I have, without the texts. Who has something newer sends it.</summary>
public sealed record ManifestVersions(IReadOnlyList<SharedManifest> Manifests);
