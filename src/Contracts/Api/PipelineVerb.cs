namespace PolyglotSync.Contracts;

/// <summary>What a person may ask of a pipeline.</summary>
public enum PipelineVerb : byte
{
    /// <summary>Write what is in flight, then stop reading until it is resumed; over restarts of the node too where it has a journal in PostgreSQL.</summary>
    Pause,
    /// <summary>A paused or failed pipeline runs again; to one that runs it means nothing.</summary>
    Resume,
    /// <summary>Write what is in flight, and begin again from the position in the target; a paused or failed one runs again.</summary>
    Restart,
}

/// <summary>The body of <c>POST /api/pipelines/{p}/pause</c>; it may be left out.</summary>
/// <param name="Reason">For people: why, in up to 500 characters.</param>
public sealed record PauseRequest(string? Reason);
