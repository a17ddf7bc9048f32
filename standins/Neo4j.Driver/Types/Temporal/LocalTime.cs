using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>A time of day, without an offset.</summary>
public sealed class LocalTime : TemporalValue, IEquatable<LocalTime>, IComparable, IComparable<LocalTime>
{
    /// <summary>The order of <see cref="CompareTo(LocalTime)"/>.</summary>
    public static readonly IComparer<LocalTime> Comparer = Comparer<LocalTime>.Default;

    public LocalTime(int hour, int minute, int second) : this(hour, minute, second, 0)
    {
    }

    public LocalTime(int hour, int minute, int second, int nanosecond)
    {
        Chronology.CheckTime(hour, minute, second, nanosecond);
        (Hour, Minute, Second, Nanosecond) = (hour, minute, second, nanosecond);
    }

    public LocalTime(DateTime time) : this(time.Hour, time.Minute, time.Second, Chronology.NanosOf(time))
    {
    }

    public LocalTime(TimeOnly time) : this(new DateTime(time.Ticks))
    {
    }

    public LocalTime(TimeSpan time)
    {
        Chronology.CheckTimeOfDay(time);
        (Hour, Minute, Second, Nanosecond) = (time.Hours, time.Minutes, time.Seconds, Chronology.NanosOf(new DateTime(time.Ticks)));
    }

    internal LocalTime(long nanosOfDay)
    {
        var seconds = (int)(nanosOfDay / Chronology.NanosPerSecond);
        (Hour, Minute, Second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Nanosecond = (int)(nanosOfDay % Chronology.NanosPerSecond);
    }

    public int Hour { get; }

    public int Minute { get; }

    public int Second { get; }

    public int Nanosecond { get; }

    internal long NanosOfDay => ((((Hour * 60L) + Minute) * 60 + Second) * Chronology.NanosPerSecond) + Nanosecond;

    /// <exception cref="ValueTruncationException">The nanoseconds are no whole ticks of 100.</exception>
    public TimeOnly ToTimeOnly() => TimeOnly.FromTimeSpan(ToTimeSpan());

    /// <exception cref="ValueTruncationException">The nanoseconds are no whole ticks of 100.</exception>
    public TimeSpan ToTimeSpan()
    {
        Chronology.CheckClrPrecision(Nanosecond, nameof(TimeSpan));
        return new TimeSpan(NanosOfDay / Chronology.NanosPerTick);
    }

    public int CompareTo(LocalTime other) => other is null ? 1 : NanosOfDay.CompareTo(other.NanosOfDay);

    public bool Equals(LocalTime other) => other is not null && NanosOfDay == other.NanosOfDay;

    public override bool Equals(object obj) => Equals(obj as LocalTime);

    public override int GetHashCode() => NanosOfDay.GetHashCode();

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        LocalTime other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(LocalTime)}.", nameof(obj)),
    };

    public override string ToString() => Chronology.IsoTime(Hour, Minute, Second, Nanosecond);

    protected override DateTime ConvertToDateTime() => DateTime.Today.Add(ToTimeSpan());

    protected override TimeSpan ConvertToTimeSpan() => ToTimeSpan();

    public static bool operator <(LocalTime left, LocalTime right) => left.CompareTo(right) < 0;

    public static bool operator >(LocalTime left, LocalTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(LocalTime left, LocalTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LocalTime left, LocalTime right) => left.CompareTo(right) >= 0;
}
