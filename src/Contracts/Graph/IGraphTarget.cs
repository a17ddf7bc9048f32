namespace PolyglotSync.Contracts;

/// <summary>A property graph that a pipeline writes to. One instance a pipeline; <see cref="ApplyAsync"/> may run several times at once in parallel mode, and for sets that have no
/// partition in common.</summary>
public interface IGraphTarget : IPartitionBook, IAsyncDisposable
{
    /// <summary>For people: scheme, host, port and database; never a password.</summary>
    string Address { get; }

    /// <summary>True where a write set is one transaction with rollback; false where it is applied statement by statement, idempotently, position last.</summary>
    bool IsAtomic { get; }

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="PipelineFailure">Transient: nothing answers. Fatal: the login is refused, or it is not a graph this client speaks to.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Compiles the mapping for this target and makes the constraints and indexes it needs.</summary>
    /// <param name="order">What the write sets of this target promise; the graph remembers nothing of it but its placeholders.</param>
    /// <exception cref="PipelineFailure">Fatal: the mapping does not fit the schema, every mistake at once; or <see cref="ChangeOrder.Whole"/> in a graph that holds placeholders of
    /// <see cref="ChangeOrder.PerKey"/>.</exception>
    Task PrepareAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken, ChangeOrder order = ChangeOrder.Whole);

    /// <summary>Takes the pipeline over: raises its generation, so that whoever wrote before is fenced off, and reads its state.</summary>
    /// <param name="onlyAfter">The generation seen before the source's slot was found free, 0 where there was none: where it is another by now, another node has started
    /// meanwhile, and nothing is claimed. Null: in any case.</param>
    /// <exception cref="PipelineFailure">Fenced: another node was faster.</exception>
    Task<TargetState> ClaimAsync(string pipeline, CancellationToken cancellationToken, long? onlyAfter = null);

    /// <summary>What the target holds for the pipeline; null where it never ran.</summary>
    Task<TargetState?> ReadStateAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The same as it is just now, to show it: waits for no open transaction and keeps nobody waiting.</summary>
    Task<TargetState?> LookAsync(string pipeline, CancellationToken cancellationToken) => ReadStateAsync(pipeline, cancellationToken);

    /// <summary>
    /// <see cref="ChangeOrder.PerKey"/>: takes partitions over, as a consumer group assigns them: raises the generation of each, so that whoever wrote them before is fenced off once its open
    /// transaction has ended, and reads where each stands. Partitions of other owners go on undisturbed.
    /// </summary>
    /// <returns>One for each, in the order given.</returns>
    Task<IReadOnlyList<PartitionState>> ClaimPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition> partitions, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a write set. When it returns, it is durable. An exception of unknown outcome (the connection broke during the commit) is Transient: the caller reads the
    /// state back before it tries again.
    /// </summary>
    /// <exception cref="PipelineFailure">Poison, with the guilty operations where known; Transient; Fatal; Fenced.</exception>
    Task<WriteResult> ApplyAsync(string pipeline, WriteSet set, CancellationToken cancellationToken);

    /// <summary>Applies and rolls back, to find out which operations the target refuses. Only where <see cref="IsAtomic"/>.</summary>
    Task ProbeAsync(string pipeline, WriteSet set, CancellationToken cancellationToken);

    /// <summary>
    /// Parts a write set into rounds for several writers: the sets of one round touch no bucket in common and may run at once, the rounds run one after another
    /// (deletes, then nodes, then relationships by a colouring of bucket pairs). Only the last set of the last round carries the state;
    /// a set without one may be applied twice, with the same result. <see cref="ChangeOrder.PerKey"/>: the set as it is; there, sets of different partitions may be applied at once.
    /// </summary>
    IReadOnlyList<IReadOnlyList<WriteSet>> Rounds(WriteSet set, int buckets);
}

/// <param name="Rows">Operations applied.</param>
/// <param name="UnmatchedRelationships">Relationships whose parent was not in the graph.</param>
/// <param name="PlanTime">Time spent sorting the operations into statements.</param>
/// <param name="EncodeTime">Time spent turning images into parameters.</param>
/// <param name="ServerTime">All other time of the write: the client's and the server's.</param>
public readonly record struct WriteResult(int Rows, int UnmatchedRelationships, TimeSpan PlanTime, TimeSpan EncodeTime, TimeSpan ServerTime);
