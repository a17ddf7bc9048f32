namespace PolyglotSync.Contracts;

/// <summary>
/// What one graph transaction writes: net effects of everything between two cuts (or a part of them, in parallel mode), and the state that is recorded with it.
/// Order inside: schema changes (before the transaction, idempotent), truncated tables, relationships deleted, nodes deleted, nodes re-keyed and written, relationships written.
/// </summary>
public sealed class WriteSet
{
    public required IReadOnlyList<RowOperation> Operations { get; init; }

    /// <summary>Tables emptied in the span; operations are what came after.</summary>
    public IReadOnlyList<TableName> Truncated { get; init; } = [];

    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>Written with the data; null in a part that records no position.</summary>
    public TargetState? State { get; init; }

    /// <summary>Which of the steps this set performs; a whole set performs all.</summary>
    public WriteSteps Steps { get; init; } = WriteSteps.All;

    /// <summary>Raised by each owner at its start; the target refuses a set of an older one (<see cref="FailureClass.Fenced"/>).</summary>
    public required long Generation { get; init; }

    /// <summary>
    /// <see cref="ChangeOrder.PerKey"/>: each partition that the operations come from, once, with the offset that is written with the data; there is no <see cref="State"/> then, and
    /// <see cref="Generation"/> is not looked at. The target refuses the set where one of them has a newer owner (<see cref="FailureClass.Fenced"/>).
    /// </summary>
    public IReadOnlyList<PartitionMove> Partitions { get; init; } = [];

    /// <summary>True where its operations were tried by themselves, to find a guilty one: they come again with the rest of the set.</summary>
    public bool IsPart { get; private init; }

    /// <summary>The same set with some of its operations only, to try them.</summary>
    /// <param name="indexes">Into <see cref="Operations"/>.</param>
    /// <param name="state">Null: it records nothing, and moves no partition.</param>
    public WriteSet Only(IReadOnlyList<int> indexes, TargetState? state) => Only(indexes, state, [.. Partitions.Select(p => p.Held())], isPart: state is null);

    /// <inheritdoc cref="Only(IReadOnlyList{int}, TargetState?)"/>
    /// <param name="indexes">Into <see cref="Operations"/>.</param>
    /// <param name="state">Null: it records no position.</param>
    /// <param name="partitions">How far it brings its partitions.</param>
    public WriteSet Only(IReadOnlyList<int> indexes, TargetState? state, IReadOnlyList<PartitionMove> partitions) => Only(indexes, state, partitions, isPart: false);

    private WriteSet Only(IReadOnlyList<int> indexes, TargetState? state, IReadOnlyList<PartitionMove> partitions, bool isPart) => new()
    {
        Operations = Operations is IOperationSelection selection ? selection.Select(indexes) : [.. indexes.Select(i => Operations[i])],
        Truncated = Truncated, SchemaChanges = SchemaChanges, State = state, Steps = Steps, Generation = Generation, Partitions = partitions, IsPart = isPart,
    };
}

/// <summary>Operations that carry more than themselves: what is picked out of them keeps it.</summary>
public interface IOperationSelection
{
    /// <param name="indexes">Of the operations to keep, in their order.</param>
    IReadOnlyList<RowOperation> Select(IReadOnlyList<int> indexes);
}

[Flags]
public enum WriteSteps : byte
{
    Deletes = 1,
    Nodes = 2,
    Relationships = 4,
    All = Deletes | Nodes | Relationships,
}

/// <summary>The pipeline's state as the target holds it, in the node <c>:__PolySync {pipeline}</c>.</summary>
/// <param name="Intent">Parallel mode: the position that a write in several transactions is on its way to; after a crash, changes up to it may be in the graph
/// already and are written as upserts. Equal to <paramref name="Position"/> where nothing is under way.</param>
public sealed record TargetState(Position Position, Lsn Watermark, Position Intent, CopyState Copy, long Generation)
{
    /// <summary>The last cut's <see cref="Cut.Offsets"/>; null where changes come from the log directly.</summary>
    public string? Offsets { get; init; }

    /// <summary>The name of the node that claimed the pipeline last; null where that gave none.</summary>
    public string? Node { get; init; }

    /// <summary><see cref="ChangeOrder.PerKey"/>: the partitions that are ours, as they were claimed; else empty.</summary>
    public IReadOnlyList<PartitionState> Partitions { get; init; } = [];

    public ChangeOrder Order => Partitions.Count > 0 ? ChangeOrder.PerKey : ChangeOrder.Whole;

    /// <summary>The cut that the target has reached.</summary>
    public Cut Cut => new(Position, Watermark, Offsets) { Partitions = Order == ChangeOrder.PerKey ? [.. Partitions.Select(p => new PartitionOffset(p.Partition, p.Offset))] : null };

    public static readonly TargetState Empty = new(Position.Start, Lsn.Zero, Position.Start, CopyState.Empty, 0);
}
