#nullable enable
using System.Buffers;
using System.Buffers.Binary;

namespace Neo4j.Driver.Internal.Bolt;

/// <summary>
/// Reads whole messages from a stream. A message's chunks are moved together inside the buffer they arrived in (payload only ever moves
/// towards the front, over headers already read); chunks of size zero between messages are keep-alives and skipped.
/// </summary>
internal sealed class MessageInput : IDisposable
{
    private const int HeaderBytes = 2;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _end;
    private int _scan;
    private int _payload;

    /// <summary>The next whole message, if it has arrived; valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> message)
    {
        while (_end - _scan >= HeaderBytes)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_scan));
            if (size == 0 && _payload == 0)
            {
                _scan += HeaderBytes;
                _start = _scan;
            }
            else if (size == 0)
            {
                message = _buffer.AsMemory(_start, _payload);
                (_start, _payload) = (_scan + HeaderBytes, 0);
                _scan = _start;
                return true;
            }
            else if (_end - _scan - HeaderBytes < size)
            {
                break;
            }
            else
            {
                if (_payload == 0) _start = _scan + HeaderBytes;
                else Buffer.BlockCopy(_buffer, _scan + HeaderBytes, _buffer, _start + _payload, size);
                _payload += size;
                _scan += HeaderBytes + size;
            }
        }

        message = default;
        return false;
    }

    /// <summary>Waits for more bytes.</summary>
    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    public async ValueTask FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (read == 0) throw new EndOfStreamException("The server closed the connection.");
        _end += read;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void MakeRoom()
    {
        if (_start == _end) (_start, _end, _scan) = (0, 0, 0);
        if (_buffer.Length - _end >= 4 * 1024) return;
        var kept = _end - _start;
        var target = kept > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, kept);
        if (target != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        (_start, _end, _scan) = (0, kept, _scan - _start);
    }
}
