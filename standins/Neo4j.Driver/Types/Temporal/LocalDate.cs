using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>A day of the calendar.</summary>
public sealed class LocalDate : TemporalValue, IEquatable<LocalDate>, IComparable, IComparable<LocalDate>
{
    /// <summary>The order of <see cref="CompareTo(LocalDate)"/>.</summary>
    public static readonly IComparer<LocalDate> Comparer = Comparer<LocalDate>.Default;

    public LocalDate(int year, int month, int day)
    {
        Chronology.CheckDate(year, month, day);
        (Year, Month, Day) = (year, month, day);
    }

    public LocalDate(DateTime date) : this(date.Year, date.Month, date.Day)
    {
    }

    public LocalDate(DateOnly date) : this(date.Year, date.Month, date.Day)
    {
    }

    internal LocalDate(long epochDays) => (Year, Month, Day) = Chronology.DateFromDays(epochDays);

    public int Year { get; }

    /// <summary>1 to 12.</summary>
    public int Month { get; }

    /// <summary>1 to 31.</summary>
    public int Day { get; }

    internal long EpochDays => Chronology.DaysFromDate(Year, Month, Day);

    /// <exception cref="ValueOverflowException">The year is not within 1 and 9999.</exception>
    public DateOnly ToDateOnly() => DateOnly.FromDateTime(ToDateTime());

    /// <exception cref="ValueOverflowException">The year is not within 1 and 9999.</exception>
    public DateTime ToDateTime()
    {
        Chronology.CheckClrYear(Year, nameof(DateTime));
        return new DateTime(Year, Month, Day);
    }

    public int CompareTo(LocalDate other) => other is null ? 1 : EpochDays.CompareTo(other.EpochDays);

    public bool Equals(LocalDate other) => other is not null && EpochDays == other.EpochDays;

    public override bool Equals(object obj) => Equals(obj as LocalDate);

    public override int GetHashCode() => HashCode.Combine(Year, Month, Day);

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        LocalDate other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(LocalDate)}.", nameof(obj)),
    };

    public override string ToString() => Chronology.IsoDate(Year, Month, Day);

    protected override DateTime ConvertToDateTime() => ToDateTime();

    public static bool operator <(LocalDate left, LocalDate right) => left.CompareTo(right) < 0;

    public static bool operator >(LocalDate left, LocalDate right) => left.CompareTo(right) > 0;

    public static bool operator <=(LocalDate left, LocalDate right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LocalDate left, LocalDate right) => left.CompareTo(right) >= 0;
}
