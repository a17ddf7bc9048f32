using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.LifeCycle;

/// <summary>What a person wants of a pipeline, or what stopped it.</summary>
public enum LifeWish : byte { Running, Paused, Failed }

/// <summary>
/// The remembered part of a pipeline's life cycle, as a fold over its events: pure. The rest (copying, streaming, degraded) is seen from what runs and not remembered.
/// </summary>
/// <param name="Reason">Why it is paused or failed.</param>
/// <param name="Since">When it was paused or failed; null while it runs.</param>
public sealed record PipelineLife(LifeWish Wish, string? Reason, PipelineFailure? Failure, DateTimeOffset? Since)
{
    public static readonly PipelineLife New = new(LifeWish.Running, null, null, null);

    public PipelineLife After(LifeEvent happened) => happened switch
    {
        PipelineWasPaused paused => new(LifeWish.Paused, paused.Reason ?? "paused", null, paused.At),
        PipelineWasResumed => New,
        PipelineHasFailed failed =>
            new(LifeWish.Failed, failed.Message, new PipelineFailure(failed.Class, failed.Message) { ExitCode = failed.ExitCode }, failed.At),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "not an event of a pipeline's life"),
    };

    /// <summary>Someone starts the node with this pipeline: one that failed is tried afresh, one that a person paused stays so.</summary>
    public LifeEvent? Start(DateTimeOffset now) => Wish == LifeWish.Failed ? new PipelineWasResumed(now) : null;

    public LifeEvent? Pause(string? reason, DateTimeOffset now) => Wish == LifeWish.Paused ? null : new PipelineWasPaused(reason, now);

    public LifeEvent? Resume(DateTimeOffset now) => Wish == LifeWish.Running ? null : new PipelineWasResumed(now);

    public LifeEvent? Fail(PipelineFailure failure, DateTimeOffset now) =>
        Wish == LifeWish.Failed ? null : new PipelineHasFailed(failure.Class, failure.ExitCode, failure.Message, now);
}
