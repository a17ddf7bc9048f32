using System.Buffers.Text;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Reads dates and times as PostgreSQL prints them (DateStyle ISO: <c>0044-03-15 12:00:00.5+00 BC</c>) and as Debezium's ISO modes do
/// (<c>-0043-03-15T12:00:00.5Z</c>). Times count microseconds; digits beyond them are dropped.
/// </summary>
internal static class TemporalText
{
    public static bool TryDate(ReadOnlySpan<byte> text, out long days)
    {
        var bc = TakeBc(ref text);
        return TakeDate(ref text, bc, out days) && TakeOffset(ref text, out _, out _) && text.IsEmpty;
    }

    /// <param name="offset">Seconds east of UTC; 0 where the text names none.</param>
    public static bool TryTime(ReadOnlySpan<byte> text, out long micros, out int offset, out bool hasOffset)
    {
        offset = 0;
        hasOffset = false;
        return TakeTime(ref text, out micros) && TakeOffset(ref text, out offset, out hasOffset) && text.IsEmpty;
    }

    /// <summary>A moment, moved to UTC where the text names an offset.</summary>
    /// <param name="micros">Microseconds of the day, 0 or more.</param>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long days, out long micros)
    {
        micros = 0;
        var bc = TakeBc(ref text);
        if (!TakeDate(ref text, bc, out days) || text.IsEmpty || text[0] is not ((byte)' ' or (byte)'T')) return false;
        text = text[1..];
        if (!TakeTime(ref text, out micros) || !TakeOffset(ref text, out var offset, out _) || !text.IsEmpty) return false;
        var (carried, rest) = Calendar.Split(micros - (offset * 1_000_000L));
        days += carried;
        micros = rest;
        return true;
    }

    private static bool TakeBc(ref ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith(" BC"u8)) return false;
        text = text[..^3];
        return true;
    }

    private static bool TakeDate(ref ReadOnlySpan<byte> text, bool bc, out long days)
    {
        days = 0;
        var sign = text.IsEmpty ? (byte)0 : text[0];
        if (sign is (byte)'+' or (byte)'-') text = text[1..];
        if (!TakeNumber(ref text, out var year) || !Take(ref text, (byte)'-') || !TakeNumber(ref text, out var month)
            || !Take(ref text, (byte)'-') || !TakeNumber(ref text, out var day)
            || month is < 1 or > 12 || day is < 1 or > 31) return false;
        if (sign == '-') year = -year;
        days = Calendar.Days(bc ? 1 - year : year, month, day);
        return true;
    }

    private static bool TakeTime(ref ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (!TakeNumber(ref text, out var hour) || !Take(ref text, (byte)':') || !TakeNumber(ref text, out var minute)) return false;
        var second = 0;
        if (Take(ref text, (byte)':') && !TakeNumber(ref text, out second)) return false;
        if (hour > 24 || minute > 59 || second > 60) return false;
        micros = ((((hour * 60L) + minute) * 60) + second) * 1_000_000;
        if (Take(ref text, (byte)'.')) micros += Fraction(ref text);
        return true;
    }

    private static long Fraction(ref ReadOnlySpan<byte> text)
    {
        long micros = 0;
        long unit = 100_000;
        while (!text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9')
        {
            micros += (text[0] - '0') * unit;
            unit /= 10;
            text = text[1..];
        }
        return micros;
    }

    /// <summary><c>Z</c>, <c>+05</c>, <c>+05:30</c>, <c>+05:30:15</c> or nothing.</summary>
    private static bool TakeOffset(ref ReadOnlySpan<byte> text, out int seconds, out bool present)
    {
        seconds = 0;
        present = !text.IsEmpty;
        if (text.IsEmpty || Take(ref text, (byte)'Z')) return true;
        var sign = text[0];
        if (sign is not ((byte)'+' or (byte)'-')) return false;
        text = text[1..];
        if (!TakeNumber(ref text, out var hours)) return false;
        var minutes = 0;
        var rest = 0;
        if (Take(ref text, (byte)':') && !TakeNumber(ref text, out minutes)) return false;
        if (Take(ref text, (byte)':') && !TakeNumber(ref text, out rest)) return false;
        if (hours > 18 || minutes > 59 || rest > 59) return false;
        seconds = ((hours * 60) + minutes) * 60 + rest;
        if (sign == '-') seconds = -seconds;
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.IsEmpty || text[0] is < (byte)'0' or > (byte)'9' || !Utf8Parser.TryParse(text, out value, out var read)) return false;
        text = text[read..];
        return true;
    }

    private static bool Take(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected) return false;
        text = text[1..];
        return true;
    }
}
