namespace PolyglotSync.Contracts;

/// <summary>What kind of trouble it is.</summary>
public enum IncidentKind : byte
{
    /// <summary>A server was away or refused for a while; it was tried again until it was back.</summary>
    Outage,

    /// <summary>A part of the pipeline failed unexpectedly, and the pipeline was started again.</summary>
    Crash,

    /// <summary>The graph refused rows: they are dead letters.</summary>
    Refused,

    /// <summary>A person paused the pipeline.</summary>
    Paused,

    /// <summary>The pipeline stopped and needs a person.</summary>
    Failed,

    /// <summary>Another node took the pipeline over, and a person is needed.</summary>
    Fenced,

    /// <summary>The nodes of a consumer group shared the work anew: one had come or gone.</summary>
    Moved,
}

public enum IncidentState : byte
{
    Open,
    Ended,

    /// <summary>The node that saw it begin is gone; when it ended nobody knows.</summary>
    Unknown,
}

/// <summary>One time in which a pipeline, or its capture, was not well: what happened, from when to when, and what was done about it. Holds no row and no secret.</summary>
/// <param name="Began">To the microsecond; a pipeline has no two incidents of the same moment.</param>
/// <param name="Part">What was in trouble: source, target, dead letters, pipeline, capture.</param>
/// <param name="Reason">What was said first.</param>
public sealed record Incident(string Pipeline, PipelineRole Role, IncidentKind Kind, string Part, string Reason, DateTimeOffset Began)
{
    /// <summary>The run of the pipeline's actor that tells of it; another one closes what this one leaves open.</summary>
    public string Run { get; init; } = "";

    /// <summary>What was said last, where that is something else.</summary>
    public string? LastReason { get; init; }

    /// <summary>Null while it lasts.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it came to its end; null while it lasts.</summary>
    public string? Outcome { get; init; }

    /// <summary>How often something that had failed was tried again.</summary>
    public int Retries { get; init; }

    /// <summary>How often the circuit opened: nothing was written then but one write at a time, to try.</summary>
    public int CircuitOpenings { get; init; }

    /// <summary>How often pipeline or capture was started again, by itself or by a person.</summary>
    public int Restarts { get; init; }

    /// <summary>Dead letters that were opened.</summary>
    public int Letters { get; init; }

    /// <summary>How often it came back after it had seemed over.</summary>
    public int Relapses { get; init; }
}

/// <summary>An incident as it is kept.</summary>
/// <param name="Node">The node that wrote it last.</param>
/// <param name="Closed">When a later start closed it without knowing its end; else null.</param>
public sealed record StoredIncident(long Id, Incident Incident, IncidentState State, string Node, DateTimeOffset? Closed);

/// <summary>Which incidents are meant; what is null does not matter.</summary>
/// <param name="Since">Only those that lasted until then or began later.</param>
public sealed record IncidentFilter(string Pipeline, IncidentState? State = null, DateTimeOffset? Since = null);
