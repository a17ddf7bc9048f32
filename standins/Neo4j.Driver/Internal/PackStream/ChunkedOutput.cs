#nullable enable
using System.Buffers;
using System.Buffers.Binary;

namespace Neo4j.Driver.Internal.PackStream;

/// <summary>
/// Bolt messages on their way out, written straight into pooled segments: a chunk's header is left open and patched when the chunk ends,
/// a chunk never crosses a segment, so nothing is copied before the socket takes it. Only whole messages leave; a message whose writing
/// fails is taken back and the connection stays usable.
/// </summary>
internal sealed class ChunkedOutput : IDisposable
{
    /// <summary>A segment holds at most one full chunk: 65,534 bytes of payload after its header of two.</summary>
    public const int SegmentBytes = 64 * 1024;

    private const int HeaderBytes = 2;

    private readonly List<(byte[] Buffer, int Length)> _full = [];
    private byte[] _current = [];
    private int _capacity;
    private int _position;
    private int _header = -1;
    private (int FullCount, int Position) _messageStart;

    /// <summary>Whether there is anything to flush.</summary>
    public bool IsEmpty => _full.Count == 0 && _position == 0;

    /// <summary>Bytes that a value may take in one piece right now.</summary>
    public int Room => _capacity - _position;

    public void BeginMessage()
    {
        _messageStart = (_full.Count, _position);
        OpenChunk();
    }

    /// <summary>At least <paramref name="size"/> bytes in one piece, for values of up to a few dozen bytes; follow with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_capacity - _position < size) NextSegment();
        return _current.AsSpan(_position, _capacity - _position);
    }

    public void Advance(int written) => _position += written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Room == 0) NextSegment();
            var part = Math.Min(Room, bytes.Length);
            bytes[..part].CopyTo(_current.AsSpan(_position));
            _position += part;
            bytes = bytes[part..];
        }
    }

    public void EndMessage()
    {
        CloseChunk();
        if (Room < HeaderBytes) RetireSegment();
        EnsureSegment();
        BinaryPrimitives.WriteUInt16BigEndian(_current.AsSpan(_position), 0);
        _position += HeaderBytes;
    }

    /// <summary>Forgets the message begun last.</summary>
    public void AbandonMessage()
    {
        _header = -1;
        while (_full.Count > _messageStart.FullCount)
        {
            ReturnCurrent();
            (_current, _) = _full[^1];
            _capacity = Math.Min(_current.Length, SegmentBytes);
            _full.RemoveAt(_full.Count - 1);
        }

        _position = _messageStart.Position;
    }

    /// <summary>Hands all whole messages to the stream and gives the segments back.</summary>
    public async ValueTask FlushAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (buffer, length) in _full)
            {
                await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            }

            if (_position > 0) await stream.WriteAsync(_current.AsMemory(0, _position), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Clear();
        }
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        foreach (var (buffer, _) in _full) ArrayPool<byte>.Shared.Return(buffer);
        _full.Clear();
        ReturnCurrent();
        _header = -1;
    }

    private void OpenChunk()
    {
        if (Room <= HeaderBytes) RetireSegment();
        EnsureSegment();
        _header = _position;
        _position += HeaderBytes;
    }

    private void CloseChunk()
    {
        var payload = _position - _header - HeaderBytes;
        if (payload == 0) _position = _header;
        else BinaryPrimitives.WriteUInt16BigEndian(_current.AsSpan(_header), (ushort)payload);
        _header = -1;
    }

    private void NextSegment()
    {
        CloseChunk();
        RetireSegment();
        OpenChunk();
    }

    private void RetireSegment()
    {
        if (_position > 0)
        {
            _full.Add((_current, _position));
            (_current, _capacity, _position) = ([], 0, 0);
        }
    }

    private void EnsureSegment()
    {
        if (_capacity > 0) return;
        _current = ArrayPool<byte>.Shared.Rent(SegmentBytes);
        _capacity = SegmentBytes;
    }

    private void ReturnCurrent()
    {
        if (_capacity > 0) ArrayPool<byte>.Shared.Return(_current);
        (_current, _capacity, _position) = ([], 0, 0);
    }
}
