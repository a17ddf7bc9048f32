using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>What the incident log is told of a pipeline's or a capture's life.</summary>
internal abstract record IncidentEvent(DateTimeOffset At);

/// <summary>A part met a failure that goes away by itself, and will try again.</summary>
internal sealed record Troubled(string Part, string Reason, DateTimeOffset At) : IncidentEvent(At)
{
    /// <summary>With this one nothing is written any more but one write at a time.</summary>
    public bool OpensCircuit { get; init; }

    /// <summary>The whole is started again, not one step.</summary>
    public bool Restarts { get; init; }

    /// <summary>Nobody expected it.</summary>
    public bool IsCrash { get; init; }
}

/// <summary>Nothing ails it any more.</summary>
internal sealed record Recovered(DateTimeOffset At) : IncidentEvent(At);

/// <summary>So many rows have a dead letter that had none.</summary>
internal sealed record LettersOpened(int Count, DateTimeOffset At) : IncidentEvent(At);

/// <summary>It stopped and needs a person.</summary>
internal sealed record Stopped(FailureClass Class, string Part, string Reason, DateTimeOffset At) : IncidentEvent(At);

/// <summary>Another member of its group goes on with the work, or with some of it.</summary>
/// <param name="IsSharing">Its nodes share partitions: this one goes on with what it is dealt. Else it stands by.</param>
internal sealed record Overtaken(string Reason, bool IsSharing, DateTimeOffset At) : IncidentEvent(At);

/// <summary>A run begins with what it was dealt.</summary>
/// <param name="What">For people.</param>
/// <param name="IsFromOther">Another node had some of it.</param>
internal sealed record WentOn(string What, bool IsFromOther, DateTimeOffset At) : IncidentEvent(At);

internal sealed record PausedByPerson(string? Reason, DateTimeOffset At) : IncidentEvent(At);

/// <summary>A paused or failed one is to run again.</summary>
internal sealed record ResumedByPerson(DateTimeOffset At) : IncidentEvent(At);

internal sealed record RestartedByPerson(DateTimeOffset At) : IncidentEvent(At);

/// <summary>Its node ends in good order.</summary>
internal sealed record NodeStopped(DateTimeOffset At) : IncidentEvent(At);

/// <summary>The journal remembers, since <see cref="IncidentEvent.At"/>, that it was paused or had failed.</summary>
internal sealed record Remembered(IncidentKind Kind, string Reason, DateTimeOffset At) : IncidentEvent(At);
