namespace PolyglotSync.Contracts;

/// <summary>Where incidents are kept: a table in the source database.</summary>
public interface IIncidentStore
{
    /// <summary>Stores incidents; one that is known (by pipeline, role and when it began) is brought up to date.</summary>
    Task SaveAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken);

    /// <summary>Closes what an earlier run left open: the pipeline runs again, here. What a person or a failure had stopped ended with that; when anything else ended is not known, and is said so.</summary>
    /// <param name="run">This run, whose incidents stay as they are.</param>
    /// <param name="at">When it began to work.</param>
    /// <param name="ofThisNode">Only what a run of the same node left: others may well be at work.</param>
    Task CloseLeftOpenAsync(string pipeline, PipelineRole role, string run, DateTimeOffset at, bool ofThisNode, CancellationToken cancellationToken);

    /// <summary>Incidents, the newest id first.</summary>
    /// <param name="before">Only those with a lower id: the last one of the page before; null for the first page.</param>
    /// <param name="limit">1 or more.</param>
    Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken);
}
