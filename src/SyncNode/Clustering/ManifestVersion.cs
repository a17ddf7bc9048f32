using PolyglotSync.Actors.Placing;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>Which of two nodes' manifests counts: pure.</summary>
internal static class ManifestVersion
{
    /// <summary>What another node lacks, or has an older one of.</summary>
    /// <param name="own">With their texts.</param>
    /// <param name="theirs">Texts do not matter.</param>
    public static IReadOnlyList<SharedManifest> Newer(IEnumerable<SharedManifest> own, IReadOnlyCollection<SharedManifest> theirs)
    {
        var known = theirs.ToDictionary(m => m.Pipeline, m => m.Version);
        return [.. own.Where(m => !known.TryGetValue(m.Pipeline, out var version) ? m.Text is not null : m.Version > version)];
    }

    /// <summary>Of something that is said now: later than what it takes the place of, whatever the clocks of the nodes say.</summary>
    public static DateTimeOffset Next(DateTimeOffset now, DateTimeOffset last) => now > last ? now : last.AddMilliseconds(1);
}
