using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>An incident store in memory.</summary>
internal sealed class FakeIncidents : IIncidentStore, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private readonly Dictionary<DateTimeOffset, Incident> _stored = [];

    /// <summary>What a call waits for, or throws.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Cancelled where the last call was to be given up.</summary>
    public CancellationToken LastStop { get; private set; }

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<string> Calls
    {
        get { lock (_lock) return [.. _calls]; }
    }

    public IReadOnlyList<Incident> Stored
    {
        get { lock (_lock) return [.. _stored.Values.OrderBy(i => i.Began)]; }
    }

    public async Task SaveAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken)
    {
        LastStop = cancellationToken;
        Note($"save {incidents.Count}");
        await Before();
        lock (_lock)
            foreach (var incident in incidents) _stored[incident.Began] = incident;
    }

    public async Task CloseLeftOpenAsync(string pipeline, PipelineRole role, string run, DateTimeOffset at, bool ofThisNode, CancellationToken cancellationToken)
    {
        Note("close");
        await Before();
    }

    public Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void Note(string call)
    {
        lock (_lock) _calls.Add(call);
    }
}
