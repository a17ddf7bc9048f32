using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Who does a pipeline's work and how far that is, as the graph has it: the same from whichever node one looks.</summary>
internal sealed record Fleet(TargetState? State, IReadOnlyList<PartitionState> Partitions)
{
    public static readonly Fleet Unknown = new(null, []);

    /// <param name="ends">Where the newest cut ends, by topic, for each partition; null where that is not known.</param>
    public IReadOnlyList<PartitionStatus> Against(IReadOnlyDictionary<string, long[]>? ends) =>
        [.. Partitions.Select(p => new PartitionStatus(p.Partition.Source, p.Partition.Partition, p.Node, p.Offset, Behind(p, ends)))];

    private static long? Behind(PartitionState state, IReadOnlyDictionary<string, long[]>? ends) => ends is null ? null
        : ends.TryGetValue(state.Partition.Source, out var offsets) && state.Partition.Partition < offsets.Length ? Math.Max(0, offsets[state.Partition.Partition] - Math.Max(0, state.Offset)) : 0;
}

/// <summary>Asks the graph for the <see cref="Fleet"/> when somebody asks for the status, and not more often than is of use. Called by the pipeline's actor.</summary>
internal sealed class FleetLook(string pipeline, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    /// <summary>A status is answered without it where the graph is slow or away.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromMilliseconds(500);

    private Task<Fleet>? _asked;
    private long _askedAt;

    /// <summary>As it was when the graph answered last.</summary>
    public Fleet Last { get; private set; } = Fleet.Unknown;

    public async Task<Fleet> AskAsync(IGraphTarget target, CancellationToken cancellationToken)
    {
        if (_asked is null || (_asked.IsCompleted && clock.GetElapsedTime(_askedAt) > Fresh)) (_asked, _askedAt) = (ReadAsync(target, cancellationToken), clock.GetTimestamp());
        try
        {
            return Last = await _asked.WaitAsync(Within, CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or PipelineFailure or OperationCanceledException or ObjectDisposedException)
        {
            // it may be closed just now; who is in trouble says so in other ways
            return Last;
        }
    }

    private async Task<Fleet> ReadAsync(IGraphTarget target, CancellationToken cancellationToken) =>
        new(await target.LookAsync(pipeline, cancellationToken), await target.ReadPartitionsAsync(pipeline, null, cancellationToken));
}
