using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>To the pipelines actor: run this pipeline. Answered with <see cref="PipelineStarted"/> once its writer streams, or <see cref="PipelineFailed"/>.</summary>
public sealed record StartPipeline(PipelineSettings Settings);

public sealed record PipelineStarted(string Pipeline);

/// <summary>The pipeline stopped and needs a person. Also published on the event stream.</summary>
public sealed record PipelineFailed(string Pipeline, PipelineFailure Failure);

public sealed record GetPipelines
{
    public static readonly GetPipelines Instance = new();
}

public sealed record PipelinesAnswer(IReadOnlyList<PipelineStatus> Pipelines);

/// <summary>Answered with a <see cref="WatermarkAnswer"/> as soon as the watermark is there, or when the time is over; with
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
