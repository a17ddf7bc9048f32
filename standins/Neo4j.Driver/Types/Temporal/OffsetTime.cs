using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>A time of day at an offset from UTC.</summary>
public sealed class OffsetTime : TemporalValue, IEquatable<OffsetTime>, IComparable, IComparable<OffsetTime>
{
    /// <summary>The order of <see cref="CompareTo(OffsetTime)"/>.</summary>
    public static readonly IComparer<OffsetTime> Comparer = Comparer<OffsetTime>.Default;

    public OffsetTime(int hour, int minute, int second, int offsetSeconds) : this(hour, minute, second, 0, offsetSeconds)
    {
    }

    public OffsetTime(int hour, int minute, int second, int nanosecond, int offsetSeconds)
    {
        Chronology.CheckTime(hour, minute, second, nanosecond);
        Chronology.CheckOffset(offsetSeconds);
        (Hour, Minute, Second, Nanosecond, OffsetSeconds) = (hour, minute, second, nanosecond, offsetSeconds);
    }

    public OffsetTime(TimeSpan time, TimeSpan offset) : this(new LocalTime(time), (int)offset.TotalSeconds)
    {
    }

    public OffsetTime(DateTime time, TimeSpan offset) : this(new LocalTime(time), (int)offset.TotalSeconds)
    {
    }

    internal OffsetTime(long nanosOfDay, int offsetSeconds) : this(new LocalTime(nanosOfDay), offsetSeconds)
    {
    }

    private OffsetTime(LocalTime time, int offsetSeconds)
        : this(time.Hour, time.Minute, time.Second, time.Nanosecond, offsetSeconds)
    {
    }

    public int Hour { get; }

    public int Minute { get; }

    public int Second { get; }

    public int Nanosecond { get; }

    /// <summary>East of Greenwich is positive.</summary>
    public int OffsetSeconds { get; }

    internal long NanosOfDay => ((((Hour * 60L) + Minute) * 60 + Second) * Chronology.NanosPerSecond) + Nanosecond;

    private long UtcNanos => NanosOfDay - (OffsetSeconds * Chronology.NanosPerSecond);

    public int CompareTo(OffsetTime other) => other is null ? 1 : UtcNanos.CompareTo(other.UtcNanos);

    public bool Equals(OffsetTime other) => other is not null && NanosOfDay == other.NanosOfDay && OffsetSeconds == other.OffsetSeconds;

    public override bool Equals(object obj) => Equals(obj as OffsetTime);

    public override int GetHashCode() => HashCode.Combine(NanosOfDay, OffsetSeconds);

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        OffsetTime other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(OffsetTime)}.", nameof(obj)),
    };

    public override string ToString() => Chronology.IsoTime(Hour, Minute, Second, Nanosecond) + Chronology.IsoOffset(OffsetSeconds);

    public static bool operator <(OffsetTime left, OffsetTime right) => left.CompareTo(right) < 0;

    public static bool operator >(OffsetTime left, OffsetTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(OffsetTime left, OffsetTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OffsetTime left, OffsetTime right) => left.CompareTo(right) >= 0;
}
