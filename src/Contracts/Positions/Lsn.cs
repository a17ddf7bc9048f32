using System.Globalization;

namespace PolyglotSync.Contracts;

/// <summary>A byte position in PostgreSQL's write-ahead log. Text form <c>X/Y</c>: two hexadecimal halves, as <c>pg_lsn</c> prints it.</summary>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    /// <summary>No position: before every record of the log.</summary>
    public static readonly Lsn Zero = new(0);

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;
    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;
    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;
    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <summary>Bytes of log from <paramref name="left"/> back to <paramref name="right"/>; 0 where right is the later one.</summary>
    public static long operator -(Lsn left, Lsn right) => left.Value > right.Value ? (long)(left.Value - right.Value) : 0;

    public static Lsn Max(Lsn left, Lsn right) => left > right ? left : right;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 32:X}/{Value & 0xFFFFFFFF:X}");

    /// <summary>Reads <c>X/Y</c>.</summary>
    /// <returns>False where the text is not two hexadecimal numbers of at most 32 bits with a slash between.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Lsn lsn)
    {
        lsn = Zero;
        var slash = text.IndexOf('/');
        if (slash < 1
            || !uint.TryParse(text[..slash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !uint.TryParse(text[(slash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }
        lsn = new Lsn(((ulong)high << 32) | low);
        return true;
    }

    /// <summary>Reads <c>X/Y</c>.</summary>
    /// <exception cref="FormatException">The text is not an LSN.</exception>
    public static Lsn Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var lsn) ? lsn : throw new FormatException($"'{text}' is not an LSN; it looks like 0/16B3748");
}
