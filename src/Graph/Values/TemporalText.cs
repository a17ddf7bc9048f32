using System.Buffers.Text;

namespace PolyglotSync.Graph.Values;

/// <summary>Reads what PostgreSQL prints for dates and times under DateStyle ISO, TimeZone UTC and IntervalStyle iso_8601. Each method takes what it reads off the front.</summary>
internal static class TemporalText
{
    public static bool TryDate(ref ReadOnlySpan<byte> text, out int year, out int month, out int day)
    {
        month = day = 0;
        if (!TryNumber(ref text, out year) || !TryByte(ref text, (byte)'-') || !TryNumber(ref text, out month)
            || !TryByte(ref text, (byte)'-') || !TryNumber(ref text, out day)) return false;
        return month is >= 1 and <= 12 && day is >= 1 and <= 31;
    }

    public static bool TryTime(ref ReadOnlySpan<byte> text, out int hour, out int minute, out int second, out int nanosecond)
    {
        minute = second = nanosecond = 0;
        if (!TryNumber(ref text, out hour) || !TryByte(ref text, (byte)':') || !TryNumber(ref text, out minute)
            || !TryByte(ref text, (byte)':') || !TryNumber(ref text, out second)) return false;
        if (TryByte(ref text, (byte)'.')) nanosecond = Fraction(ref text);
        return hour < 24 && minute < 60 && second < 60;
    }

    /// <summary><c>+02</c>, <c>-05:30</c>, <c>+05:30:15</c>: seconds east of UTC.</summary>
    public static bool TryOffset(ref ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || (text[0] != '+' && text[0] != '-')) return false;
        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        if (!TryNumber(ref text, out var hours)) return false;
        var minutes = 0;
        var rest = 0;
        if (TryByte(ref text, (byte)':') && !TryNumber(ref text, out minutes)) return false;
        if (TryByte(ref text, (byte)':') && !TryNumber(ref text, out rest)) return false;
        seconds = sign * ((hours * 3600) + (minutes * 60) + rest);
        return true;
    }

    /// <summary>Takes <c> BC</c> off the end: 1 BC is the year 0.</summary>
    public static bool TakeBeforeChrist(ref ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith(" BC"u8)) return false;
        text = text[..^3];
        return true;
    }

    public static bool TryByte(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected) return false;
        text = text[1..];
        return true;
    }

    /// <summary>The digits after a point as billionths.</summary>
    public static int Fraction(ref ReadOnlySpan<byte> text)
    {
        var value = 0;
        var digits = 0;
        while (!text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9')
        {
            if (digits < 9)
            {
                value = (value * 10) + (text[0] - '0');
                digits++;
            }
            text = text[1..];
        }
        for (; digits < 9; digits++) value *= 10;
        return value;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, out int value)
    {
        if (text.IsEmpty || text[0] is < (byte)'0' or > (byte)'9' || !Utf8Parser.TryParse(text, out value, out var read))
        {
            value = 0;
            return false;
        }
        text = text[read..];
        return true;
    }

    /// <summary>Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, chrono-compatible low-level date algorithms: days_from_civil).</summary>
    public static long DaysFromCivil(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (year >= 0 ? year : year - 399) / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146097) + dayOfEra - 719468;
    }
}
