#nullable enable
using System.Globalization;

namespace Neo4j.Driver.Internal;

/// <summary>
/// The proleptic Gregorian calendar over Cypher's years, and its ISO 8601 texts. Days are counted from 1970-01-01 by Howard Hinnant's
/// algorithms (chrono-compatible low-level date algorithms), which hold for all years that fit.
/// </summary>
internal static class Chronology
{
    public const int MinYear = -999_999_999;
    public const int MaxYear = 999_999_999;
    public const int MaxOffset = 64_800;
    public const int SecondsPerDay = 86_400;
    public const long NanosPerSecond = 1_000_000_000;
    public const int NanosPerTick = 100;

    public static long DaysFromDate(int year, int month, int day)
    {
        long y = month <= 2 ? year - 1L : year;
        var era = FloorDiv(y, 400);
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    public static (int Year, int Month, int Day) DateFromDays(long days)
    {
        var z = days + 719_468;
        var era = FloorDiv(z, 146_097);
        var dayOfEra = z - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var mp = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(mp < 10 ? mp + 3 : mp - 9);
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return (checked((int)year), month, (int)(dayOfYear - (((153 * mp) + 2) / 5) + 1));
    }

    public static long FloorDiv(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);

    public static int FloorMod(long value, int divisor) => (int)(value - (FloorDiv(value, divisor) * divisor));

    public static int NanosOf(DateTime time) => (int)(time.Ticks % TimeSpan.TicksPerSecond) * NanosPerTick;

    public static long TicksOf(int nanosecond) => nanosecond / NanosPerTick;

    public static int DaysInMonth(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static void CheckDate(int year, int month, int day)
    {
        Check(year, MinYear, MaxYear, nameof(year));
        Check(month, 1, 12, nameof(month));
        Check(day, 1, DaysInMonth(year, month), nameof(day));
    }

    public static void CheckTime(int hour, int minute, int second, int nanosecond)
    {
        Check(hour, 0, 23, nameof(hour));
        Check(minute, 0, 59, nameof(minute));
        Check(second, 0, 59, nameof(second));
        CheckNanosecond(nanosecond, nameof(nanosecond));
    }

    public static void CheckNanosecond(int nanosecond, string name) => Check(nanosecond, 0, 999_999_999, name);

    public static void CheckTimeOfDay(TimeSpan time)
    {
        if (time < TimeSpan.Zero || time >= TimeSpan.FromDays(1)) throw new ArgumentOutOfRangeException(nameof(time), time, "A time of day is at least zero and less than a day.");
    }

    public static void CheckOffset(int offsetSeconds) => Check(offsetSeconds, -MaxOffset, MaxOffset, nameof(offsetSeconds));

    public static void CheckClrYear(int year, string type)
    {
        if (year is < 1 or > 9999) throw new ValueOverflowException($"The year {year} is outside of the range of {type}.");
    }

    public static void CheckClrPrecision(int nanosecond, string type)
    {
        if (nanosecond % NanosPerTick != 0) throw new ValueTruncationException($"{nanosecond} ns have more precision than {type}, whose unit is 100 ns.");
    }

    public static string IsoDate(int year, int month, int day) => string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}");

    public static string IsoTime(int hour, int minute, int second, int nanosecond) => string.Create(
        CultureInfo.InvariantCulture, $"{hour:D2}:{minute:D2}:{second:D2}{(nanosecond > 0 ? $".{nanosecond:D9}" : "")}");

    public static string IsoOffset(int offsetSeconds)
    {
        if (offsetSeconds == 0) return "Z";
        var offset = TimeSpan.FromSeconds(Math.Abs(offsetSeconds));
        return $"{(offsetSeconds < 0 ? '-' : '+')}{offset.ToString(offset.Seconds == 0 ? @"hh\:mm" : @"hh\:mm\:ss", CultureInfo.InvariantCulture)}";
    }

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static void Check(int value, int min, int max, string name)
    {
        if (value < min || value > max) throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be between {min} and {max}.");
    }
}
