using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>A day and a time of day, without an offset.</summary>
public sealed class LocalDateTime : TemporalValue, IEquatable<LocalDateTime>, IComparable, IComparable<LocalDateTime>
{
    /// <summary>The order of <see cref="CompareTo(LocalDateTime)"/>.</summary>
    public static readonly IComparer<LocalDateTime> Comparer = Comparer<LocalDateTime>.Default;

    public LocalDateTime(int year, int month, int day, int hour, int minute, int second)
        : this(year, month, day, hour, minute, second, 0)
    {
    }

    public LocalDateTime(int year, int month, int day, int hour, int minute, int second, int nanosecond)
    {
        Chronology.CheckDate(year, month, day);
        Chronology.CheckTime(hour, minute, second, nanosecond);
        (Year, Month, Day) = (year, month, day);
        (Hour, Minute, Second, Nanosecond) = (hour, minute, second, nanosecond);
    }

    public LocalDateTime(DateTime dateTime)
        : this(dateTime.Year, dateTime.Month, dateTime.Day, dateTime.Hour, dateTime.Minute, dateTime.Second, Chronology.NanosOf(dateTime))
    {
    }

    internal LocalDateTime(long epochSeconds, int nanosecond)
    {
        (Year, Month, Day) = Chronology.DateFromDays(Chronology.FloorDiv(epochSeconds, Chronology.SecondsPerDay));
        var second = Chronology.FloorMod(epochSeconds, Chronology.SecondsPerDay);
        (Hour, Minute, Second, Nanosecond) = (second / 3600, second / 60 % 60, second % 60, nanosecond);
    }

    public int Year { get; }

    public int Month { get; }

    public int Day { get; }

    public int Hour { get; }

    public int Minute { get; }

    public int Second { get; }

    public int Nanosecond { get; }

    /// <summary>Seconds since 1970-01-01T00:00:00 on the same clock.</summary>
    internal long EpochSeconds =>
        (Chronology.DaysFromDate(Year, Month, Day) * Chronology.SecondsPerDay) + (((Hour * 60) + Minute) * 60) + Second;

    /// <summary>Its kind is Local, as the real driver's is.</summary>
    /// <exception cref="ValueOverflowException">The year is not within 1 and 9999.</exception>
    /// <exception cref="ValueTruncationException">The nanoseconds are no whole ticks of 100.</exception>
    public DateTime ToDateTime()
    {
        Chronology.CheckClrYear(Year, nameof(DateTime));
        Chronology.CheckClrPrecision(Nanosecond, nameof(DateTime));
        return new DateTime(Year, Month, Day, Hour, Minute, Second, DateTimeKind.Local).AddTicks(Chronology.TicksOf(Nanosecond));
    }

    public int CompareTo(LocalDateTime other) => other is null ? 1 : (EpochSeconds, Nanosecond).CompareTo((other.EpochSeconds, other.Nanosecond));

    public bool Equals(LocalDateTime other) => other is not null && EpochSeconds == other.EpochSeconds && Nanosecond == other.Nanosecond;

    public override bool Equals(object obj) => Equals(obj as LocalDateTime);

    public override int GetHashCode() => HashCode.Combine(EpochSeconds, Nanosecond);

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        LocalDateTime other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(LocalDateTime)}.", nameof(obj)),
    };

    public override string ToString() => $"{Chronology.IsoDate(Year, Month, Day)}T{Chronology.IsoTime(Hour, Minute, Second, Nanosecond)}";

    protected override DateTime ConvertToDateTime() => ToDateTime();

    public static bool operator <(LocalDateTime left, LocalDateTime right) => left.CompareTo(right) < 0;

    public static bool operator >(LocalDateTime left, LocalDateTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(LocalDateTime left, LocalDateTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LocalDateTime left, LocalDateTime right) => left.CompareTo(right) >= 0;
}
