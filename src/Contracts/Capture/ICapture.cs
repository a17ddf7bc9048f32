namespace PolyglotSync.Contracts;

/// <summary>Takes changes from a source into a broker's topics. One instance serves one start of one pipeline's capture.</summary>
public interface ICapture : IAsyncDisposable
{
    /// <summary>Where to, for people.</summary>
    string Target { get; }

    /// <summary>
    /// Captures from where the topics stand until stopped; then what is on its way is acknowledged, as far as the broker answers in time, and said to the source.
    /// </summary>
    /// <param name="moved">Called whenever <see cref="Progress"/> has a newer cut, from any thread; must not block.</param>
    /// <exception cref="PipelineFailure">Classified; a transient one may be answered by starting another.</exception>
    Task RunAsync(Action moved, CancellationToken stop);

    /// <summary>As <see cref="IChangeSource.MarkAsync"/>.</summary>
    Task<Lsn> MarkAsync(CancellationToken cancellationToken);

    CaptureProgress Progress { get; }
}

/// <summary>How far a capture has come.</summary>
/// <param name="Epoch">Number of its start; 0 before it has begun.</param>
/// <param name="Cut">The last cut that the topics hold for everybody.</param>
/// <param name="Copy">How far the first copy is at that cut.</param>
/// <param name="Rows">Changes taken to the topics.</param>
/// <param name="InFlight">Messages that the broker has not acknowledged yet.</param>
/// <param name="BytesInFlight">Keys and values of those.</param>
/// <param name="OldestCommit">When the oldest transaction that is not behind a cut yet was committed: microseconds since 1970-01-01 UTC; 0 where there is none.</param>
public sealed record CaptureProgress(SourceProgress Source, long Epoch, Cut Cut, CopyState Copy, long Rows, int InFlight, long BytesInFlight, long OldestCommit)
{
    /// <summary>When the last transaction before the cut was committed: microseconds since 1970-01-01 UTC; 0 where unknown.</summary>
    public long CommitTimestamp { get; init; }

    /// <summary>What the broker's connections complain of while something is on its way; null where all is well.</summary>
    public string? Trouble { get; init; }
}
