using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>
/// To the pipelines actor: run this pipeline. Answered with <see cref="PipelineStarted"/> once its writers run, or <see cref="PipelineFailed"/>. One that
/// failed before is tried afresh; one that was paused stays so, and <see cref="PipelineStarted"/> says it; one that is just being changed is not started: <see cref="Status.Failure"/>.
/// Holds passwords: never leaves the process.
/// </summary>
/// <param name="IsMoved">It comes from another node, no person starts it: one that failed there stays so.</param>
public sealed record StartPipeline(PipelineSettings Settings, bool IsMoved = false) : INoSerializationVerificationNeeded;

public sealed record PipelineStarted(string Pipeline, bool IsPaused = false);

/// <summary>
/// To the pipelines actor: run this pipeline with these settings instead of those it has; one that does not run here is started. What is in flight is written before, one that is paused
/// stays so. Answered with <see cref="PipelineReplaced"/> once the new one begins, or <see cref="Status.Failure"/> where it is just being changed. Holds passwords: never leaves the process.
/// </summary>
public sealed record ReplacePipeline(PipelineSettings Settings) : INoSerializationVerificationNeeded;

public sealed record PipelineReplaced(string Pipeline);

/// <summary>
/// To the pipelines actor: write what is in flight, stop this pipeline, and forget it, a pause or failure of it too: what is started under its name later is a new one. Answered with
/// <see cref="PipelineRemoved"/> once nothing of it runs, or <see cref="Status.Failure"/> where there is none or it is just being changed.
/// </summary>
public sealed record RemovePipeline(string Pipeline);

public sealed record PipelineRemoved(string Pipeline);

/// <summary>The pipeline stopped and needs a person. Also published on the event stream.</summary>
public sealed record PipelineFailed(string Pipeline, PipelineFailure Failure) : INoSerializationVerificationNeeded;

/// <summary>
/// Write what is in flight, then stop reading until told otherwise, over restarts too. Answered with the <see cref="PipelineStatus"/>, or
/// <see cref="Status.Failure"/> where there is no such pipeline.
/// </summary>
/// <param name="Reason">For people; null where nothing was said.</param>
public sealed record PausePipeline(string Pipeline, string? Reason);

/// <summary>Let a paused or failed pipeline run again; to the captures actor: a failed capture. Answered as <see cref="PausePipeline"/>.</summary>
public sealed record ResumePipeline(string Pipeline);

/// <summary>
/// Write what is in flight, close source and target, and begin again from the position in the target, without waiting for a backoff; a paused or failed one runs again. Answered as <see cref="PausePipeline"/>,
/// once what was in flight is written. To the captures actor: the same of the broker and the topics.
/// </summary>
public sealed record RestartPipeline(string Pipeline);

/// <summary>What the pipeline takes from which tables, for who wants rows of them retried. Answered with a <see cref="MappingAnswer"/>, or <see cref="Akka.Actor.Status.Failure"/>.</summary>
public sealed record GetMapping(string Pipeline);

/// <param name="Mapping">Null where the pipeline neither runs nor stands by at the moment.</param>
public sealed record MappingAnswer(PipelineState State, string? Reason, GraphMapping? Mapping);

/// <summary>A person asked for a retry of dead letters; the store says of which. One that is not running looks there when it starts. Not answered.</summary>
public sealed record RetryDeadLetters(string Pipeline);

/// <summary>A person closed dead letters: so many are open still. Not answered.</summary>
public sealed record DeadLettersClosed(string Pipeline, long Open);

public sealed record GetPipelines
{
    public static readonly GetPipelines Instance = new();
}

public sealed record PipelinesAnswer(IReadOnlyList<PipelineStatus> Pipelines);

/// <summary>Answered with a <see cref="WatermarkAnswer"/> as soon as the watermark is there, or when the time is over, or at once, with the reason, where "now" cannot be known; with
/// <see cref="Akka.Actor.Status.Failure"/> where there is no such pipeline.</summary>
/// <param name="Lsn">Null: everything committed before now.</param>
public sealed record WaitForWatermark(string Pipeline, Lsn? Lsn, TimeSpan Timeout);

/// <summary>Drain all pipelines, record their positions, stop them. Answered with <see cref="PipelinesStopped"/>.</summary>
public sealed record StopPipelines
{
    public static readonly StopPipelines Instance = new();
}

public sealed record PipelinesStopped
{
    public static readonly PipelinesStopped Instance = new();
}

/// <summary>To a pipeline's actor: answered with its <see cref="PipelineStatus"/>.</summary>
internal sealed record AskStatus
{
    public static readonly AskStatus Instance = new();
}

/// <summary>To a pipeline's actor that was made anew after a crash: go on as the journal says.</summary>
internal sealed record GoOn
{
    public static readonly GoOn Instance = new();
}

/// <summary>To a pipeline's actor: as <see cref="StopPipelines"/>, and what it remembers of a pause or a failure is over.</summary>
internal sealed record Forget
{
    public static readonly Forget Instance = new();
}
