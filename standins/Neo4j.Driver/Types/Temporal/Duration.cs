using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Months, days and seconds, none of which can be turned into another without a date.</summary>
public sealed class Duration : TemporalValue, IEquatable<Duration>, IComparable, IComparable<Duration>
{
    /// <summary>The order of <see cref="CompareTo(Duration)"/>.</summary>
    public static readonly IComparer<Duration> Comparer = Comparer<Duration>.Default;

    public Duration(long seconds) : this(0, 0, seconds, 0)
    {
    }

    public Duration(long seconds, int nanos) : this(0, 0, seconds, nanos)
    {
    }

    public Duration(long days, long seconds, int nanos) : this(0, days, seconds, nanos)
    {
    }

    /// <param name="nanos">0 to 999,999,999, added to the seconds even where these are negative.</param>
    public Duration(long months, long days, long seconds, int nanos)
    {
        Chronology.CheckNanosecond(nanos, nameof(nanos));
        (Months, Days, Seconds, Nanos) = (months, days, seconds, nanos);
    }

    public long Months { get; }

    public long Days { get; }

    public long Seconds { get; }

    public int Nanos { get; }

    /// <summary>For the order only: a month counts as 30.4375 days.</summary>
    private (decimal Seconds, int Nanos) Length => ((Months * 2_629_800m) + (Days * 86_400m) + Seconds, Nanos);

    public int CompareTo(Duration other) => other is null ? 1 : Length.CompareTo(other.Length);

    public bool Equals(Duration other) => other is not null && Months == other.Months && Days == other.Days && Seconds == other.Seconds && Nanos == other.Nanos;

    public override bool Equals(object obj) => Equals(obj as Duration);

    public override int GetHashCode() => HashCode.Combine(Months, Days, Seconds, Nanos);

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        Duration other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(Duration)}.", nameof(obj)),
    };

    public override string ToString()
    {
        var (seconds, nanos) = Seconds < 0 && Nanos > 0 ? (Seconds + 1, 1_000_000_000 - Nanos) : (Seconds, Nanos);
        var sign = seconds == 0 && Seconds < 0 ? "-" : "";
        return $"P{Months}M{Days}DT{sign}{seconds}{(nanos == 0 ? "" : $".{nanos:D9}")}S";
    }

    public static bool operator <(Duration left, Duration right) => left.CompareTo(right) < 0;

    public static bool operator >(Duration left, Duration right) => left.CompareTo(right) > 0;

    public static bool operator <=(Duration left, Duration right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Duration left, Duration right) => left.CompareTo(right) >= 0;
}
