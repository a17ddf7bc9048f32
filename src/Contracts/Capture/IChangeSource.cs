namespace PolyglotSync.Contracts;

/// <summary>A source of committed changes: PostgreSQL's log, read directly. One instance serves one pipeline; all members may be called from any thread.</summary>
public interface IChangeSource : IAsyncDisposable
{
    /// <summary>Connects, checks what the source needs (logical WAL, rights, replica identities), reads the catalog. Changes nothing.</summary>
    /// <exception cref="PipelineFailure">Fatal: what is missing and what to do. Transient: the server cannot be reached.</exception>
    Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Makes publication and slot where missing, for the tables of the mapping, and checks those that are there.</summary>
    Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken);

    /// <summary>
    /// After <see cref="PrepareAsync"/>: null where the changes have one order (<see cref="ChangeOrder.Whole"/>); else the partitions, one at least, whose changes this node reads
    /// (<see cref="ChangeOrder.PerKey"/>), until <see cref="ReadAsync"/> ends with <see cref="FailureClass.Fenced"/> because they are shared anew.
    /// </summary>
    IReadOnlyList<SourcePartition>? Partitions => null;

    /// <summary>False where there is no position over all partitions, and so nobody who knows how far a first copy is: it comes as rows among the others.</summary>
    bool HasWatermark => Partitions is null;

    /// <summary><see cref="ChangeOrder.PerKey"/>, before the first <see cref="ReadAsync"/>: the partitions as they were claimed.</summary>
    /// <param name="book">Where those of other nodes stand.</param>
    void Claimed(IReadOnlyList<PartitionState> partitions, IPartitionBook book)
    {
    }

    /// <summary>Everything up to the cut, one of those that <see cref="ReadAsync"/> gave, is applied; the target may not say so yet. Never blocks.</summary>
    void Applied(in Cut cut)
    {
    }

    /// <summary>
    /// The changes after <paramref name="from"/>, in order, copy chunks among them until each table of the mapping is copied. The consumer owns each batch's first
    /// reference. Reading stops while the consumer does not ask for the next. Ends only by cancellation or an exception.
    /// </summary>
    /// <exception cref="PipelineFailure">Classified; a transient one may be answered by calling again with the position reached.</exception>
    IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, CancellationToken cancellationToken);

    /// <summary>Everything up to <paramref name="watermark"/> is applied and the target says so, durably: the slot may move there. Never blocks. Called with the recorded
    /// watermark before the first <see cref="ReadAsync"/>: a slot that begins after it has a gap.</summary>
    void Acknowledge(Lsn watermark);

    /// <summary>Writes a marker into the log, so that an idle source still has a commit to wait for, and returns an LSN that the watermark passes once all
    /// that was committed before this call is applied.</summary>
    Task<Lsn> MarkAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks that these rows come once more, as they are in the source: in the stream, each at a place where it is right, as a <see cref="ChangeKind.Copy"/>, or as a
    /// <see cref="ChangeKind.Delete"/> where the row is gone, of unknown existence. The request is written into the log, for whoever captures; it is forgotten where that ends
    /// before the rows have come, and waits while the first copy is under way.
    /// </summary>
    /// <exception cref="PipelineFailure">The request could not be written.</exception>
    Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken);

    /// <summary>How far capture has come, without asking the server.</summary>
    SourceProgress Progress { get; }

    /// <summary>Through topics of ours: when the oldest of the transactions that stand in the topics behind a watermark was committed, microseconds since 1970-01-01 UTC; 0 where there is none, or none is known.</summary>
    long CommitAfter(Lsn watermark) => 0;
}

/// <param name="Received">End of the last log record received.</param>
/// <param name="Flushed">What was last acknowledged to the slot.</param>
/// <param name="ServerEnd">The end of the server's log as it last said.</param>
/// <param name="Rows">Rows captured since the start of this process.</param>
/// <param name="Connected">True while the replication stream is open.</param>
public sealed record SourceProgress(string Slot, Lsn Received, Lsn Flushed, Lsn ServerEnd, long Rows, bool Connected)
{
    /// <summary>Time spent decoding the log and reading copy chunks since the start of this process.</summary>
    public TimeSpan Busy { get; init; }

    /// <summary>What reading waits for before it can begin; null where it does not.</summary>
    public SourceWait? Waiting { get; init; }

    /// <summary>Through a broker: messages between what was read and the newest cut; null where changes come from the log directly.</summary>
    public long? MessagesBehind { get; init; }

    /// <summary>Through topics of ours: by topic, for each partition, where the newest cut ends; null where none is known.</summary>
    public IReadOnlyDictionary<string, long[]>? Ends { get; init; }
}

/// <param name="IsStandby">True where another node does the work, and this one follows when it goes.</param>
/// <param name="Reason">For people: what is waited for, and what to do.</param>
public sealed record SourceWait(bool IsStandby, string Reason);
