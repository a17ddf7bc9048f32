using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Clustering;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Changes;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>What the nodes of a cluster tell one another of their manifests: of two for the same pipeline the later one counts.</summary>
internal sealed partial class ManifestDesk : IManifestShare
{
    /// <summary>For as long as the node runs: one that was away meanwhile hears of it.</summary>
    private readonly Dictionary<string, DateTimeOffset> _removed = [];

    public IReadOnlyList<SharedManifest> Shared()
    {
        lock (_lock)
        {
            return [.. _held.Values.Where(h => h.Manifest is not null).Select(h => new SharedManifest(h.Settings.Name, h.Version, h.Manifest!.Text)),
                .. _removed.Where(r => !_held.ContainsKey(r.Key)).Select(r => new SharedManifest(r.Key, r.Value, null))];
        }
    }

    public IReadOnlyList<string> Check(SharedManifest manifest)
    {
        if (manifest.Text is null) return [];
        TryRead(manifest, out var mistakes);
        return mistakes;
    }

    public async Task<IReadOnlyList<string>> TakeAsync(SharedManifest manifest)
    {
        await _turn.WaitAsync();
        try
        {
            if (manifest.Version <= VersionOf(manifest.Pipeline)) return [];
            return manifest.Text is null ? await LeaveAsync(manifest) : await ReadAsync(manifest);
        }
        catch (ApiRefusal refusal)
        {
            return [refusal.Message];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What is said now, here.</summary>
    private SharedManifest Said(string pipeline, string? text) => new(pipeline, ManifestVersion.Next(_time.GetUtcNow(), VersionOf(pipeline)), text);

    private async Task<ManifestChange> DryAsync(ManifestChange change, SharedManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            await _spread.CheckAsync(manifest, cancellationToken);
            return change;
        }
        catch (ApiRefusal refusal)
        {
            return change with { Refusal = change.Refusal ?? refusal.Message };
        }
    }

    private DateTimeOffset VersionOf(string pipeline)
    {
        lock (_lock) return _held.TryGetValue(pipeline, out var held) ? held.Version : _removed.GetValueOrDefault(pipeline);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(SharedManifest shared)
    {
        Held? old;
        lock (_lock) old = _held.GetValueOrDefault(shared.Pipeline);
        if (old?.Manifest?.Text == shared.Text)
        {
            lock (_lock) _held[shared.Pipeline] = old! with { Version = shared.Version };
            return [];
        }
        if (TryRead(shared, out var mistakes) is not { } manifest) return mistakes;
        // words that change nothing restart nothing
        var changes = old is null ? ManifestDecision.Added(manifest.Settings, manifest.File, []) : ManifestDecision.Between(old.Settings, manifest.Settings, null, null, manifest.File);
        if (changes.Action != ManifestAction.Unchanged) await runner.TakeAsync(manifest.Settings);
        Hold(new Looked(manifest, old, changes, null, []), shared.Version);
        return [];
    }

    /// <summary>As this node reads it, with secrets of its own.</summary>
    private Manifest? TryRead(SharedManifest shared, out IReadOnlyList<string> mistakes)
    {
        var file = $"{shared.Pipeline}.yaml";
        var found = new ManifestMistakes(file);
        var manifest = reader.TryRead(shared.Text!, file, folder?.Path ?? Directory.GetCurrentDirectory(), found);
        mistakes = found.Lines;
        return manifest;
    }

    private async Task<IReadOnlyList<string>> LeaveAsync(SharedManifest shared)
    {
        Held? held;
        lock (_lock)
        {
            _held.Remove(shared.Pipeline, out held);
            _removed[shared.Pipeline] = shared.Version;
        }
        if (held is null) return [];
        await runner.LeaveAsync(shared.Pipeline);
        var notes = new List<string>();
        Forget(held, notes);
        return notes;
    }
}
