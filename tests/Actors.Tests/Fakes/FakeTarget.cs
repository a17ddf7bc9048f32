using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>A graph in memory: keeps the state and what was applied, and fails as it is told.</summary>
internal sealed class FakeTarget : IGraphTarget
{
    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<WriteSet, WriteSet> _kept = [];
    private TargetState _state = TargetState.Empty;
    private int _open;

    public string Address => "fake";

    public bool IsAtomic { get; init; } = true;

    /// <summary>Asked before a set is applied; what it throws is what the writer meets.</summary>
    public Func<WriteSet, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Asked after a set was applied: an outcome that the writer does not learn of.</summary>
    public Action<WriteSet> After { get; set; } = _ => { };

    public Func<WriteSet, IReadOnlyList<IReadOnlyList<WriteSet>>> Parts { get; init; } = set => [[set]];

    /// <summary>With operations of their own: the pipeline uses its buffers again.</summary>
    public ConcurrentQueue<WriteSet> Applied { get; } = new();

    /// <summary>Applied and refused ones.</summary>
    public ConcurrentQueue<WriteSet> Tried { get; } = new();

    public ConcurrentDictionary<SourcePartition, PartitionState> Partitions { get; } = new();

    /// <summary>The largest number of transactions that were open at once.</summary>
    public int MostOpen { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Cancelled where the last apply was to be given up.</summary>
    public CancellationToken LastStop { get; private set; }

    /// <summary>Asked before the state is read.</summary>
    public Func<Task> Reading { get; set; } = () => Task.CompletedTask;

    public TargetState State
    {
        get { lock (_lock) return _state; }
        set { lock (_lock) _state = value; }
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PrepareAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken, ChangeOrder order = ChangeOrder.Whole) => Task.CompletedTask;

    public Task<IReadOnlyList<PartitionState>> ClaimPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition> partitions, CancellationToken cancellationToken)
    {
        foreach (var partition in partitions)
            Partitions.AddOrUpdate(partition, p => new PartitionState(p, PartitionState.Nothing, 1), (_, known) => known with { Generation = known.Generation + 1 });
        return Task.FromResult<IReadOnlyList<PartitionState>>([.. partitions.Select(p => Partitions[p])]);
    }

    public Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PartitionState>>([.. Partitions.Values.Where(p => partitions?.Contains(p.Partition) != false).OrderBy(p => p.Partition)]);

    public Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken)
    {
        foreach (var state in partitions) Partitions[state.Partition] = Partitions[state.Partition] with { Mark = mark };
        return Task.CompletedTask;
    }

    public Task<TargetState> ClaimAsync(string pipeline, CancellationToken cancellationToken, long? onlyAfter = null)
    {
        lock (_lock) return onlyAfter is { } seen && seen != _state.Generation ? throw PipelineFailure.Fenced(pipeline, seen, Address) : Task.FromResult(_state = _state with { Generation = _state.Generation + 1 });
    }

    public async Task<TargetState?> ReadStateAsync(string pipeline, CancellationToken cancellationToken)
    {
        await Reading();
        return State;
    }

    public async Task<WriteResult> ApplyAsync(string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        lock (_lock) MostOpen = Math.Max(MostOpen, ++_open);
        LastStop = cancellationToken;
        try
        {
            var kept = _kept.GetValue(set, Keep);
            Tried.Enqueue(kept);
            await Before(set);
            if (set.Generation < State.Generation) throw new PipelineFailure(FailureClass.Fenced, "another owns it");
            Applied.Enqueue(kept);
            if (set.State is { } state) State = state;
            foreach (var move in set.Partitions)
            {
                if (Partitions[move.Partition] is var known && (known.Generation, known.Offset) != (move.Generation, move.From)) throw new PipelineFailure(FailureClass.Fenced, "another owns it");
                Partitions[move.Partition] = known with { Offset = move.To };
            }
            After(set);
            return new WriteResult(set.Operations.Count, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        }
        finally
        {
            lock (_lock) _open--;
        }
    }

    public Task ProbeAsync(string pipeline, WriteSet set, CancellationToken cancellationToken) => Before(set);

    public IReadOnlyList<IReadOnlyList<WriteSet>> Rounds(WriteSet set, int buckets) => Parts(set);

    private static WriteSet Keep(WriteSet set) => set.Only([.. Enumerable.Range(0, set.Operations.Count)], set.State, set.Partitions);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
