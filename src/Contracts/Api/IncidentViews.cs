namespace PolyglotSync.Contracts;

/// <summary>An incident as the API shows it.</summary>
public sealed record IncidentView
{
    public required long Id { get; init; }
    public required string Pipeline { get; init; }
    public required PipelineRole Role { get; init; }
    public required IncidentKind Kind { get; init; }
    public required IncidentState State { get; init; }
    /// <summary>What was in trouble.</summary>
    public required string Part { get; init; }
    public required string Reason { get; init; }
    /// <summary>What was said last, where that is something else.</summary>
    public string? LastReason { get; init; }
    public required DateTimeOffset Began { get; init; }
    /// <summary>Null while it lasts, and where nobody knows.</summary>
    public DateTimeOffset? Ended { get; init; }
    /// <summary>How long it lasted, or has lasted until now; null where nobody knows.</summary>
    public double? Seconds { get; init; }
    public string? Outcome { get; init; }
    public required int Retries { get; init; }
    public required int CircuitOpenings { get; init; }
    public required int Restarts { get; init; }
    public required int DeadLetters { get; init; }
    public required int Relapses { get; init; }
    /// <summary>The node that saw it.</summary>
    public required string Node { get; init; }

    public static IncidentView Of(StoredIncident stored, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var incident = stored.Incident;
        return new IncidentView
        {
            Id = stored.Id, Pipeline = incident.Pipeline, Role = incident.Role, Kind = incident.Kind, State = stored.State, Part = incident.Part, Reason = incident.Reason,
            LastReason = incident.LastReason, Began = incident.Began, Ended = incident.Ended, Outcome = incident.Outcome, Retries = incident.Retries,
            CircuitOpenings = incident.CircuitOpenings, Restarts = incident.Restarts, DeadLetters = incident.Letters, Relapses = incident.Relapses, Node = stored.Node,
            Seconds = stored.State == IncidentState.Unknown ? null : Math.Round(Math.Max(0, ((incident.Ended ?? now) - incident.Began).TotalSeconds), 3),
        };
    }
}

/// <summary><c>GET /api/pipelines/{p}/incidents</c>.</summary>
/// <param name="Next">What <c>before</c> is for the next page; null on the last.</param>
public sealed record IncidentPage(IReadOnlyList<IncidentView> Incidents, long? Next);

/// <summary>The incident that lasts, in a pipeline's status.</summary>
public sealed record OpenIncident(IncidentKind Kind, DateTimeOffset Since, string Part, string Reason, int Retries, int CircuitOpenings, int Restarts, int DeadLetters)
{
    public static OpenIncident? Of(Incident? incident) => incident is not { Ended: null } open ? null
        : new OpenIncident(open.Kind, open.Began, open.Part, open.LastReason ?? open.Reason, open.Retries, open.CircuitOpenings, open.Restarts, open.Letters);
}
