using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>A source that gives the batches that the test puts in, after the position asked for.</summary>
internal sealed class FakeSource : IChangeSource
{
    private Channel<object> _items = Channel.CreateUnbounded<object>();
    private int _given;
    private long _acknowledged;
    private int _open;

    /// <summary>Positions that reading began at.</summary>
    public ConcurrentQueue<Position> Opened { get; } = new();

    /// <summary>What was asked for once more.</summary>
    public ConcurrentQueue<IReadOnlyList<DeadKey>> Refreshed { get; } = new();

    public Lsn Acknowledged => new((ulong)Interlocked.Read(ref _acknowledged));

    /// <summary>Batches that the consumer asked for and got.</summary>
    public int Given => Volatile.Read(ref _given);

    public Func<Task> Describing { get; set; } = () => Task.CompletedTask;

    /// <summary>What closing it waits for.</summary>
    public Func<Task> Closing { get; set; } = () => Task.CompletedTask;

    /// <summary>What marking it does; may throw at once.</summary>
    public Func<Task<Lsn>> Marking { get; set; } = () => Task.FromResult(new Lsn(1));

    /// <summary>What asking for rows once more does; may throw at once.</summary>
    public Func<Task> Refreshing { get; set; } = () => Task.CompletedTask;

    /// <summary>Asked before it takes an acknowledgement.</summary>
    public Action Acknowledging { get; set; } = () => { };

    /// <summary>Streams that are read at this moment.</summary>
    public int OpenStreams => Volatile.Read(ref _open);

    /// <summary>Dealt to this node; null: the source has one order.</summary>
    public IReadOnlyList<SourcePartition>? Partitions { get; init; }

    /// <summary>Whether there are cuts over all partitions.</summary>
    public bool HasCuts { get; init; }

    public bool HasWatermark => HasCuts || Partitions is null;

    /// <summary>Partitions and offsets that reading began at.</summary>
    public ConcurrentQueue<IReadOnlyList<PartitionOffset>?> OpenedPartitions { get; } = new();

    /// <summary>Partitions as it was told that they were claimed.</summary>
    public ConcurrentQueue<IReadOnlyList<PartitionState>> Claims { get; } = new();

    /// <summary>Cuts that it was told are applied.</summary>
    public ConcurrentQueue<Cut> Told { get; } = new();

    public bool IsDisposed { get; private set; }

    /// <summary>What it waits for before it can be read.</summary>
    public SourceWait? Waiting { get; set; }

    public SourceProgress Progress => new("polysync_shop", Lsn.Zero, Acknowledged, Lsn.Zero, 0, true) { Waiting = Waiting };

    public void Put(ChangeBatch batch) => _items.Writer.TryWrite(batch);

    /// <summary>Lets the stream fail once it gets here; the next one goes on behind it.</summary>
    public void Fail(Exception failure) => _items.Writer.TryWrite(failure);

    /// <summary>Lets the stream end by itself once it gets here.</summary>
    public void EndStream() => _items.Writer.TryWrite(End);

    private static readonly object End = new();

    /// <summary>Forgets what was put in and not read yet.</summary>
    public void Rewind() => _items = Channel.CreateUnbounded<object>();

    public async Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken)
    {
        await Describing().WaitAsync(cancellationToken);
        return new DatabaseSchema([]);
    }

    public Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = _items;
        OpenedPartitions.Enqueue(from.Partitions);
        Opened.Enqueue(from.Position);
        Interlocked.Increment(ref _open);
        try
        {
            while (await items.Reader.WaitToReadAsync(cancellationToken))
            {
                while (items.Reader.TryRead(out var item))
                {
                    if (item is Exception failure) throw failure;
                    if (ReferenceEquals(item, End)) yield break;
                    Interlocked.Increment(ref _given);
                    yield return (ChangeBatch)item;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public void Claimed(IReadOnlyList<PartitionState> partitions, IPartitionBook book) => Claims.Enqueue(partitions);

    public void Applied(in Cut cut) => Told.Enqueue(cut);

    public void Acknowledge(Lsn watermark)
    {
        Acknowledging();
        Interlocked.Exchange(ref _acknowledged, (long)watermark.Value);
    }

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => Marking();

    public Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken)
    {
        Refreshed.Enqueue(rows);
        return Refreshing();
    }

    public async ValueTask DisposeAsync()
    {
        await Closing();
        IsDisposed = true;
    }
}
