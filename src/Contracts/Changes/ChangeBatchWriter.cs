using System.Buffers;
using System.Runtime.InteropServices;

namespace PolyglotSync.Contracts;

/// <summary>
/// Fills one <see cref="ChangeBatch"/>. Not thread-safe. Images are written column by column:
/// <c>var image = w.BeginImage(n); w.Column(image, 0, text); w.Null(image, 1); …</c>, then the entry that refers to them. <see cref="Complete"/> hands the buffers
/// to the batch and leaves the writer empty, ready for the next.
/// </summary>
public sealed class ChangeBatchWriter(int initialBytes = 256 * 1024, int initialEntries = 1024)
{
    private byte[] _buffer = ChangeBatch.Buffers.Rent(initialBytes);
    private ChangeEntry[] _entries = ArrayPool<ChangeEntry>.Shared.Rent(initialEntries);
    private List<SchemaChange>? _schemaChanges;
    private List<RefusedMessage>? _refused;

    public int Bytes { get; private set; }

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public ReadOnlySpan<ChangeEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>Reserves an image's header, every column 'not sent', and gives its offset.</summary>
    public int BeginImage(int columns)
    {
        Bytes = (Bytes + 3) & ~3;
        var offset = Bytes;
        var size = sizeof(int) + (columns * 2 * sizeof(int));
        Ensure(size);
        var header = MemoryMarshal.Cast<byte, int>(_buffer.AsSpan(offset, size));
        header[0] = columns;
        for (var i = 0; i < columns; i++)
        {
            header[1 + (i * 2)] = 0;
            header[2 + (i * 2)] = RowImage.NotSent;
        }
        Bytes += size;
        return offset;
    }

    public void Null(int image, int column) => Header(image)[2 + (column * 2)] = RowImage.Null;

    public void NotSent(int image, int column) => Header(image)[2 + (column * 2)] = RowImage.NotSent;

    /// <summary>Forgets the images written since <see cref="Bytes"/> was so many; no entry may refer to one of them.</summary>
    public void TakeBack(int bytes) => Bytes = bytes;

    public void Column(int image, int column, ReadOnlySpan<byte> text) => text.CopyTo(Reserve(image, column, text.Length));

    /// <summary>Reserves <paramref name="length"/> bytes for a column's text, for the caller to fill before the next call.</summary>
    public Span<byte> Reserve(int image, int column, int length)
    {
        Ensure(length);
        var header = Header(image);
        header[1 + (column * 2)] = Bytes;
        header[2 + (column * 2)] = length;
        var span = _buffer.AsSpan(Bytes, length);
        Bytes += length;
        return span;
    }

    public void Add(in ChangeEntry entry)
    {
        if (Count == _entries.Length)
        {
            var larger = ArrayPool<ChangeEntry>.Shared.Rent(Count * 2);
            _entries.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<ChangeEntry>.Shared.Return(_entries, clearArray: true);
            _entries = larger;
        }
        _entries[Count++] = entry;
    }

    public void AddSchemaChange(SchemaChange change, Position position)
    {
        _schemaChanges ??= [];
        _schemaChanges.Add(change);
        Add(new ChangeEntry(ChangeKind.Schema, OldImage.None, false, change.After, -1, _schemaChanges.Count - 1, position));
    }

    /// <summary>A message that could not be read goes along.</summary>
    public void AddRefused(RefusedMessage message) => (_refused ??= []).Add(message);

    /// <summary>Reads back an image written so far.</summary>
    public RowImage Image(int offset) => new(_buffer, offset);

    /// <param name="cut">The cut that the batch ends at; null in the middle of a transaction.</param>
    /// <param name="commitTimestamp">Microseconds since 1970-01-01 UTC; 0 where unknown.</param>
    public ChangeBatch Complete(Cut? cut, CopyState? copyState = null, long commitTimestamp = 0)
    {
        var batch = new ChangeBatch(TakeBuffer(), Bytes, TakeEntries(), Count, cut, _schemaChanges ?? (IReadOnlyList<SchemaChange>)[], copyState, commitTimestamp)
        { Refused = _refused ?? (IReadOnlyList<RefusedMessage>)[] };
        _schemaChanges = null;
        _refused = null;
        Bytes = 0;
        Count = 0;
        return batch;
    }

    /// <summary>A batch of few rows may wait beside thousands like it, for a target that is away: it takes no more than it needs, and the writer keeps its own.</summary>
    private byte[] TakeBuffer()
    {
        var taken = _buffer;
        if (Bytes > _buffer.Length / 4)
        {
            _buffer = ChangeBatch.Buffers.Rent(initialBytes);
            return taken;
        }
        taken = ChangeBatch.Buffers.Rent(Math.Max(Bytes, 1));
        _buffer.AsSpan(0, Bytes).CopyTo(taken);
        return taken;
    }

    private ChangeEntry[] TakeEntries()
    {
        var taken = _entries;
        if (Count > _entries.Length / 4)
        {
            _entries = ArrayPool<ChangeEntry>.Shared.Rent(initialEntries);
            return taken;
        }
        taken = ArrayPool<ChangeEntry>.Shared.Rent(Math.Max(Count, 1));
        _entries.AsSpan(0, Count).CopyTo(taken);
        return taken;
    }

    private Span<int> Header(int image) => MemoryMarshal.Cast<byte, int>(_buffer.AsSpan(image, (_buffer.Length - image) & ~3));

    private void Ensure(int more)
    {
        if (Bytes + more <= _buffer.Length) return;
        var larger = ChangeBatch.Buffers.Rent(Math.Max(_buffer.Length * 2, Bytes + more));
        _buffer.AsSpan(0, Bytes).CopyTo(larger);
        ChangeBatch.Buffers.Return(_buffer);
        _buffer = larger;
    }
}
