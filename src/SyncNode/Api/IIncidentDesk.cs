using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What the API may ask about incidents. What is refused is an <see cref="ApiRefusal"/>.</summary>
internal interface IIncidentDesk
{
    /// <summary>Incidents, the newest id first.</summary>
    /// <exception cref="PipelineFailure">The source cannot be asked.</exception>
    Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken);
}
