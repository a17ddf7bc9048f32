using System.Buffers;

namespace PolyglotSync.Contracts;

/// <summary>
/// Changes in commit order with their images in one pooled buffer: what travels from capture to the entity actors. A batch ends at a cut
/// (<see cref="Cut"/>), or, inside a transaction that one batch cannot hold, at none: then the next batches belong to the same transaction.
/// Filled by one <see cref="ChangeBatchWriter"/>, immutable from then on, shared by reference count: whoever keeps a reference to its
/// buffer past the message that brought it calls <see cref="Retain"/>, and <see cref="Release"/> when done. The last release gives the buffers
/// back to the pool.
/// </summary>
public sealed class ChangeBatch
{
    /// <summary>The shared pool keeps an array of each size for each thread that ever returned one; of these few, large ones that is a lot.</summary>
    internal static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(maxArrayLength: 64 * 1024 * 1024, maxArraysPerBucket: 4);

    private readonly byte[] _buffer;
    private readonly ChangeEntry[] _entries;
    private int _references = 1;

    internal ChangeBatch(byte[] buffer, int bytes, ChangeEntry[] entries, int count, Cut? cut, IReadOnlyList<SchemaChange> schemaChanges,
        CopyState? copyState, long sourceTimestamp)
    {
        _buffer = buffer;
        _entries = entries;
        Bytes = bytes;
        Count = count;
        Cut = cut;
        SchemaChanges = schemaChanges;
        CopyState = copyState;
        CommitTimestamp = sourceTimestamp;
    }

    /// <summary>Number of entries, 0 or more (an empty batch with a cut moves the watermark).</summary>
    public int Count { get; }

    /// <summary>Bytes used of the buffer.</summary>
    public int Bytes { get; }

    /// <summary>The cut after the last entry; null in the middle of a transaction.</summary>
    public Cut? Cut { get; }

    /// <summary>What <see cref="ChangeKind.Schema"/> entries refer to.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; }

    /// <summary>Messages that stood among the changes and could not be read; empty but where changes come through a broker.</summary>
    public IReadOnlyList<RefusedMessage> Refused { get; internal init; } = [];

    /// <summary>How far the first copy is once this batch is applied; null where this batch does not move it.</summary>
    public CopyState? CopyState { get; }

    /// <summary>When the last transaction in the batch was committed: microseconds since 1970-01-01 UTC by the source's clock; 0 where unknown.</summary>
    public long CommitTimestamp { get; }

    public ReadOnlySpan<ChangeEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The buffer that the entries' offsets point into. Pooled: read-only, and only while the batch is retained.</summary>
    public byte[] Buffer => _buffer;

    public RowImage New(in ChangeEntry entry) => new(_buffer, entry.New);

    public RowImage Old(in ChangeEntry entry) => new(_buffer, entry.Old);

    public void Retain()
    {
        if (Interlocked.Increment(ref _references) <= 1) throw new ObjectDisposedException(nameof(ChangeBatch));
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0) return;
        if (left < 0) throw new InvalidOperationException("a change batch was released more often than retained");
        ArrayPool<ChangeEntry>.Shared.Return(_entries, clearArray: true);
        Buffers.Return(_buffer);
    }
}
