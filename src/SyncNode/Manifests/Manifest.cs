using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>A manifest that was read and is right in itself.</summary>
/// <param name="File">Its name for messages.</param>
internal sealed record Manifest(string File, string Text, PipelineSettings Settings, YamlMap Root)
{
    /// <summary>Where a value stands, or the nearest mapping that holds it.</summary>
    public Place PlaceOf(params ReadOnlySpan<string> path)
    {
        YamlValue at = Root;
        foreach (var name in path)
        {
            if (at is not YamlMap map || map.Entries.FirstOrDefault(e => e.Key.Value == name).Value is not { } inside) break;
            at = inside;
        }
        return at.Place;
    }
}
