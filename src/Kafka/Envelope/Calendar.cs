namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// The proleptic Gregorian calendar by days since 1970-01-01, years astronomical (0 is 1 BC), over all of PostgreSQL's range. After Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms".
/// </summary>
internal static class Calendar
{
    public const long MicrosPerDay = 86_400_000_000;

    /// <summary>Debezium's numbers for the date infinity and -infinity (what Java's LocalDate makes of the JDBC driver's milliseconds).</summary>
    public const long DateInfinity = -2147472692;
    public const long DateMinusInfinity = -2147472691;

    /// <summary>Debezium's microseconds for the timestamp infinity and -infinity: the JDBC driver's milliseconds; in milliseconds a thousandth.</summary>
    public const long TimestampInfinity = 9223372036825200000;
    public const long TimestampMinusInfinity = -9223372036832400000;

    public static long Days(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (year >= 0 ? year : year - 399) / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    public static (long Year, int Month, int Day) Date(long days)
    {
        days += 719_468;
        var era = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        var day = (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1);
        return ((era * 400) + yearOfEra + (month <= 2 ? 1 : 0), month, day);
    }

    /// <summary>Days and the rest, which is never negative.</summary>
    public static (long Days, long Micros) Split(long micros)
    {
        var days = Math.DivRem(micros, MicrosPerDay, out var rest);
        return rest < 0 ? (days - 1, rest + MicrosPerDay) : (days, rest);
    }
}
