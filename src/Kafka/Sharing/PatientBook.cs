namespace PolyglotSync.Kafka.Sharing;

/// <summary>Waits for a target that is away: the writers say so already, and reading waits for them in any case.</summary>
internal sealed class PatientBook(IPartitionBook book, TimeProvider time) : IPartitionBook
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken) =>
        UntilThereAsync(() => book.ReadPartitionsAsync(pipeline, partitions, cancellationToken), cancellationToken);

    public Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken) => UntilThereAsync(async () =>
    {
        await book.MarkPartitionsAsync(pipeline, partitions, mark, cancellationToken);
        return true;
    }, cancellationToken);

    private async Task<T> UntilThereAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ask();
            }
            catch (PipelineFailure failure) when (failure.Class == FailureClass.Transient)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }
}
