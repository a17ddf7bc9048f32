namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>The database behind topics: describes itself and is never read.</summary>
internal sealed class FakeDatabase : IChangeSource
{
    public SourceProgress Progress => new("slot", Lsn.Zero, Lsn.Zero, Lsn.Zero, 0, false);

    public Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(new DatabaseSchema([]));

    public Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken) => throw new InvalidOperationException("the capture prepares the source");

    public IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, CancellationToken cancellationToken) => throw new InvalidOperationException("the capture reads the source");

    public void Acknowledge(Lsn watermark) => throw new InvalidOperationException("the capture acknowledges");

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => Task.FromResult(new Lsn(5));

    public Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken) => throw new InvalidOperationException("nobody retries here");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
