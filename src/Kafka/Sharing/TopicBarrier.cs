namespace PolyglotSync.Kafka.Sharing;

/// <summary>A change that concerns rows of several partitions, which the merge has come to: all in front of it was given out, nothing behind it.</summary>
/// <param name="Partitions">Of the topic, that it concerns, whoever reads them.</param>
/// <param name="Executor">That of them whose owner carries it out.</param>
/// <param name="What">For people: the truncate, the changed columns.</param>
/// <param name="Carry">Makes the batch that carries it out.</param>
internal sealed record TopicBarrier(string Topic, IReadOnlyList<int> Partitions, int Executor, BarrierPlace Place, string What, Func<ChangeBatch> Carry)
{
    public SourcePartition At(int partition) => new(Topic, partition);
}

/// <summary>What the merge gives: a batch, or a barrier.</summary>
internal readonly record struct SharedItem(ChangeBatch? Batch, TopicBarrier? Barrier);
