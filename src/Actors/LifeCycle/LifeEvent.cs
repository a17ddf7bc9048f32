using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.LifeCycle;

/// <summary>What is remembered of a pipeline's life over restarts. Where it stands in the log is not among it: that is in the target, beside the data.</summary>
public abstract record LifeEvent(DateTimeOffset At);

/// <summary>A person paused the pipeline.</summary>
/// <param name="Reason">What the person said; null where nothing.</param>
public sealed record PipelineWasPaused(string? Reason, DateTimeOffset At) : LifeEvent(At);

/// <summary>A person let a paused or failed pipeline run again.</summary>
public sealed record PipelineWasResumed(DateTimeOffset At) : LifeEvent(At);

/// <summary>The pipeline met a failure that needs a person, and stopped.</summary>
public sealed record PipelineHasFailed(FailureClass Class, ExitCode ExitCode, string Message, DateTimeOffset At) : LifeEvent(At);
