namespace PolyglotSync.Contracts;

/// <summary>Where the partitions of a pipeline stand, whoever owns them: kept in the target, and the one place that all nodes of the pipeline see.</summary>
public interface IPartitionBook
{
    /// <summary>Where partitions stand: after a write of unknown outcome, or to show it.</summary>
    /// <param name="partitions">These, once whatever transaction is open on them has ended; null: all that the target knows of, as they are just now.</param>
    /// <returns>Those that the target knows of, by name and number.</returns>
    Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken);

    /// <summary>Marks partitions of ours at a barrier: all, or none where one of them has a newer owner. Again without harm.</summary>
    /// <param name="partitions">With the generations of their claims.</param>
    /// <exception cref="PipelineFailure">Fenced: one has a newer owner. Transient: the target does not answer.</exception>
    Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken);
}
