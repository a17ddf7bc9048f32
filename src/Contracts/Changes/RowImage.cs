using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PolyglotSync.Contracts;

/// <summary>
/// A row image in a batch's buffer. Layout, little-endian int32s: column count n, then n pairs (offset into the buffer, length); length -1 is
/// NULL, -2 is 'not sent' (unchanged TOAST, or not part of a key image). Values are the UTF-8 text that PostgreSQL's output functions print
/// (DateStyle ISO, IntervalStyle iso_8601, TimeZone UTC, bytea_output hex, extra_float_digits 3).
/// </summary>
public readonly ref struct RowImage
{
    public const int Null = -1;
    public const int NotSent = -2;

    private readonly ReadOnlySpan<byte> _buffer;
    private readonly ReadOnlySpan<int> _columns;

    public RowImage(ReadOnlySpan<byte> buffer, int offset)
    {
        _buffer = buffer;
        var count = MemoryMarshal.Read<int>(buffer[offset..]);
        _columns = MemoryMarshal.Cast<byte, int>(buffer.Slice(offset + sizeof(int), count * 2 * sizeof(int)));
    }

    public int Count => _columns.Length / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNull(int column) => _columns[(column * 2) + 1] == Null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsSent(int column) => _columns[(column * 2) + 1] != NotSent;

    /// <summary>True where the column was sent and is not NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasValue(int column) => _columns[(column * 2) + 1] >= 0;

    /// <summary>The value's text; empty for NULL and not sent.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var length = _columns[(column * 2) + 1];
            return length <= 0 ? default : _buffer.Slice(_columns[column * 2], length);
        }
    }

    public bool IsWhole
    {
        get
        {
            for (var i = 1; i < _columns.Length; i += 2)
                if (_columns[i] == NotSent) return false;
            return true;
        }
    }
}
