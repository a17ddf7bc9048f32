using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Clustering;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Changes;
using PolyglotSync.SyncNode.Manifests.Secrets;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>
/// The manifests of the node's pipelines, and what changes them while it runs. One change at a time. With a folder what is applied is kept in it; without one it lasts until the node ends. In a cluster the
/// other nodes are told.
/// </summary>
internal sealed partial class ManifestDesk(ManifestReader reader, IPipelineRunner runner, ISourceCatalog catalog, ManifestFolder? folder, IManifestSpread? others = null, TimeProvider? time = null) : IManifestDesk, IDisposable
{
    private readonly IManifestSpread _spread = others ?? new NoSpread();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Held> _held = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names
    {
        get { lock (_lock) return [.. _held.Keys]; }
    }

    /// <summary>The node was started with this pipeline.</summary>
    /// <param name="manifest">null: it was said on the command line.</param>
    public void Add(PipelineSettings settings, Manifest? manifest)
    {
        lock (_lock) _held[settings.Name] = new Held(settings, manifest, manifest?.File, IsKept: true, manifest is null ? default : new DateTimeOffset(File.GetLastWriteTimeUtc(manifest.File)));
    }

    public ManifestList List()
    {
        lock (_lock)
        {
            return new ManifestList([.. _held.Values.Select(h => new ManifestView(h.Settings.Name, h.File, h.Manifest is { } manifest ? SecretMask.Apply(manifest.Text) : null, h.IsKept))], folder?.Path);
        }
    }

    public async Task<ManifestPlan> PlanAsync(ManifestSet set, CancellationToken cancellationToken)
    {
        var looked = await LookAsync(set, cancellationToken);
        var removed = set.IsWhole ? Names.Where(name => looked.All(l => l.Manifest.Settings.Name != name)).Select(ManifestDecision.Removed) : [];
        return new ManifestPlan([.. removed, .. looked.Select(l => l.Change).OrderBy(c => c.Pipeline, StringComparer.Ordinal)], folder?.Path);
    }

    public async Task<ManifestChange> ApplyAsync(string pipeline, ManifestFile manifest, bool isDry, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var looked = (await LookAsync(new ManifestSet([manifest]), cancellationToken))[0];
            if (looked.Manifest.Settings.Name != pipeline) throw new ApiRefusal(400, $"the manifest is that of pipeline '{looked.Manifest.Settings.Name}', not of '{pipeline}'", "send it to its own path");
            var shared = Said(pipeline, looked.Manifest.Text);
            if (isDry) return await DryAsync(looked.Change, shared, cancellationToken);
            if (looked.Change.Refusal is { } refusal) throw new ApiRefusal(409, refusal, null);
            if (looked.Change.Action == ManifestAction.Unchanged && looked.Old?.Manifest?.Text == looked.Manifest.Text) return looked.Change;
            await _spread.CheckAsync(shared, cancellationToken);
            // Not given up half-way: whoever asked may be gone. The others first: one of them may be the one that runs it.
            var notes = await _spread.TellAsync(shared);
            if (looked.Change.Action != ManifestAction.Unchanged) await runner.ReplaceAsync(looked.Manifest.Settings, CancellationToken.None);
            Hold(looked, shared.Version);
            return notes.Count == 0 ? looked.Change : looked.Change with { Notes = [.. looked.Change.Notes, .. notes] };
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<ManifestRemoved> RemoveAsync(string pipeline, bool drop, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Held held;
            lock (_lock) held = _held.GetValueOrDefault(pipeline) ?? throw ManifestApi.Unknown(pipeline, _held.Keys);
            var shared = Said(pipeline, null);
            var notes = (await _spread.TellAsync(shared)).ToList();
            await runner.RemoveAsync(pipeline, CancellationToken.None);
            lock (_lock)
            {
                _held.Remove(pipeline);
                _removed[pipeline] = shared.Version;
            }
            Forget(held, notes);
            var dropped = drop ? await DropAsync(held.Settings, notes) : [];
            if (!drop) notes.Add(Kept(held.Settings));
            notes.Add("what the graph has of it stays as it is");
            return new ManifestRemoved(pipeline, dropped, notes);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <exception cref="PipelineFailure">Every mistake of every manifest.</exception>
    private async Task<IReadOnlyList<Looked>> LookAsync(ManifestSet set, CancellationToken cancellationToken)
    {
        var mistakes = new List<string>();
        var manifests = new List<Manifest>();
        foreach (var file in set.Manifests)
        {
            var own = new ManifestMistakes(file.File);
            if (reader.TryRead(file.Text, file.File, folder?.Path ?? Directory.GetCurrentDirectory(), own) is { } manifest) manifests.Add(manifest);
            mistakes.AddRange(own.Lines);
        }
        List<Held> others;
        lock (_lock) others = set.IsWhole ? [] : [.. _held.Values.Where(h => manifests.All(m => m.Settings.Name != h.Settings.Name))];
        var looked = await Task.WhenAll(manifests.Select(m => LookAsync(m, cancellationToken)));
        mistakes.AddRange(looked.SelectMany(l => l.Mistakes));
        var running = await Task.WhenAll(others.Select(async o => new PipelineInSet(o.Where, o.Settings, o.Manifest, await runner.MappingAsync(o.Settings.Name, cancellationToken))));
        mistakes.AddRange(ManifestClashes.Find([.. running, .. looked.Select(l => new PipelineInSet(l.Manifest.File, l.Manifest.Settings, l.Manifest, l.Mapping))]));
        return mistakes.Count == 0 ? looked : throw ManifestMistakes.FailureOf(mistakes, set.Manifests.Count == 1 ? "the manifest has" : "the manifests have");
    }

    private async Task<Looked> LookAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var next = manifest.Settings;
        Held? old;
        lock (_lock) old = _held.GetValueOrDefault(next.Name);
        try
        {
            if (old is null)
            {
                var notes = await catalog.CheckAsync(next, cancellationToken);
                var (mapping, _) = catalog.Map(next, await catalog.DescribeAsync(next, cancellationToken));
                return new Looked(manifest, null, ManifestDecision.Added(next, manifest.File, notes), mapping, []);
            }
            if (!ManifestDecision.TouchesMapping(old.Settings, next))
                return new Looked(manifest, old, ManifestDecision.Between(old.Settings, next, null, null, manifest.File), await runner.MappingAsync(next.Name, cancellationToken), []);
            var schema = await catalog.DescribeAsync(next, cancellationToken);
            var (becomes, _) = catalog.Map(next, schema);
            return new Looked(manifest, old, ManifestDecision.Between(old.Settings, next, TryMap(old.Settings, schema), becomes, manifest.File), becomes, []);
        }
        catch (PipelineFailure failure)
        {
            var change = old is null ? ManifestDecision.Added(next, manifest.File, []) : ManifestDecision.Between(old.Settings, next, null, null, manifest.File);
            // what does not fit the tables is the manifest's mistake, what does not answer is not
            return failure.ExitCode == ExitCode.InvalidManifest ? new Looked(manifest, old, change, null, [$"{manifest.File}: {failure.Message}"])
                : new Looked(manifest, old, change with { Refusal = $"{failure.Message}{(old is null ? "" : " (it has to be asked what the change would mean)")}" }, null, []);
        }
    }

    /// <summary>Settings that did not fit their source have made nothing of it.</summary>
    private GraphMapping? TryMap(PipelineSettings settings, DatabaseSchema schema)
    {
        try
        {
            return catalog.Map(settings, schema).Mapping;
        }
        catch (PipelineFailure)
        {
            return null;
        }
    }

    private void Hold(Looked looked, DateTimeOffset version)
    {
        var settings = looked.Manifest.Settings;
        string? file = null;
        if (folder is not null)
        {
            lock (_lock) file = looked.Old?.File is { } own && folder.Holds(own) ? own : folder.FileFor(settings.Name, _held.Values.Where(h => h.Settings.Name != settings.Name).Select(h => h.File).OfType<string>().ToHashSet());
        }
        Exception? failed = null;
        try
        {
            if (file is not null) ManifestFolder.Write(file, looked.Manifest.Text, version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed = e;
        }
        lock (_lock) _held[settings.Name] = new Held(settings, file is null ? looked.Manifest : looked.Manifest with { File = file }, file, file is not null && failed is null, version);
        if (failed is not null) throw new ApiRefusal(500, $"pipeline '{settings.Name}' runs as the manifest says, but the manifest cannot be kept: {failed.Message}", $"a node that is started again has the old one; make {folder!.Path} writable for the node and apply it again");
    }

    private void Forget(Held held, List<string> notes)
    {
        if (held.File is not { } file) return;
        if (folder?.Holds(file) != true)
        {
            notes.Add($"{file} is there still: a node that is started with it runs the pipeline again");
            return;
        }
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notes.Add($"its manifest {file} cannot be deleted ({e.Message}): a node that is started again runs the pipeline");
        }
    }

    private async Task<IReadOnlyList<string>> DropAsync(PipelineSettings settings, List<string> notes)
    {
        try
        {
            return await catalog.DropAsync(settings, CancellationToken.None);
        }
        catch (PipelineFailure failure)
        {
            notes.Add($"slot and publication could not be dropped: {failure.Message}");
            return [];
        }
    }

    private static string Kept(PipelineSettings settings)
    {
        var names = Postgres.SourceNames.Of(settings);
        return $"slot '{names.Slot}' and publication '{names.Publication}' stay: the slot holds the log back until it is dropped (SELECT pg_drop_replication_slot('{names.Slot}'))";
    }

    /// <param name="Manifest">null: said on the command line.</param>
    /// <param name="File">Where it came from; null: it lasts until the node ends.</param>
    /// <param name="Version">When it was said; of a file when it was written.</param>
    private sealed record Held(PipelineSettings Settings, Manifest? Manifest, string? File, bool IsKept, DateTimeOffset Version)
    {
        public string Where => File ?? Manifest?.File ?? $"pipeline '{Settings.Name}' of the command line";
    }

    /// <param name="Mapping">What it makes of its source; null where that is not known.</param>
    private sealed record Looked(Manifest Manifest, Held? Old, ManifestChange Change, GraphMapping? Mapping, IReadOnlyList<string> Mistakes);
}
