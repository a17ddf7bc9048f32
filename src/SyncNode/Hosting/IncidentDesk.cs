using System.Collections.Concurrent;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>The incident log of what runs on the node: asks the stores themselves, whatever state the pipelines are in.</summary>
internal sealed class IncidentDesk(IPipelineFactory factory) : IIncidentDesk, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IIncidentStore> _stores = new();

    /// <summary>The node runs this pipeline, or captures for it, from now on.</summary>
    public void Add(PipelineSettings settings) => _stores.GetOrAdd(settings.Name, _ => factory.CreateIncidents(settings));

    /// <summary>The pipeline goes on with other settings, perhaps of another source.</summary>
    public async Task ReplaceAsync(PipelineSettings settings)
    {
        await RemoveAsync(settings.Name);
        Add(settings);
    }

    /// <summary>The node runs this pipeline no more. Its incidents stay in the source.</summary>
    public async Task RemoveAsync(string pipeline)
    {
        if (_stores.TryRemove(pipeline, out var known) && known is IAsyncDisposable store) await store.DisposeAsync();
    }

    public Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        _stores.TryGetValue(filter.Pipeline, out var store) ? store.ListAsync(filter, before, limit, cancellationToken)
            : throw new ApiRefusal(404, $"this node runs no pipeline '{filter.Pipeline}'", _stores.IsEmpty ? null : $"it runs {string.Join(", ", _stores.Keys.Order(StringComparer.Ordinal))}");

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores.Values.OfType<IAsyncDisposable>()) await store.DisposeAsync();
    }
}
