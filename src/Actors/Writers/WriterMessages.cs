using Akka.Actor;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <param name="OutcomeUnknown">An earlier try of the same set may have been committed.</param>
public sealed record Write(WriteSet Set, bool OutcomeUnknown) : INoSerializationVerificationNeeded;

public sealed record Written(WriteResult Result) : INoSerializationVerificationNeeded;

public sealed record WriteFailed(WriteSet Set, PipelineFailure Failure) : INoSerializationVerificationNeeded;

/// <summary>To the writers: look whether the target still names this run as the pipeline's owner.</summary>
public sealed record CheckOwner : INoSerializationVerificationNeeded
{
    public static readonly CheckOwner Instance = new();
}

/// <summary>Writers to their pipeline: so many rows have a dead letter that had none.</summary>
public sealed record DeadLettersAdded(int Count);

/// <summary>Writers to their pipeline: so many letters are open, after some were resolved.</summary>
public sealed record DeadLettersCounted(long Count);

/// <summary>What the writers of one pipeline work with.</summary>
/// <param name="DeadKeys">The rows with open dead letters when the run starts.</param>
/// <param name="Observe">Called with what was committed while its images are still valid; null where nobody looks.</param>
public sealed record WriterContext(
    PipelineSettings Settings, IGraphTarget Target, IDeadLetterStore DeadLetters, IReadOnlyList<DeadKey> DeadKeys, TimeProvider Clock,
    Action<IReadOnlyList<RowOperation>>? Observe = null)
{
    /// <summary>Told where the time goes.</summary>
    public StageClock Stages { get; init; } = new();
}
