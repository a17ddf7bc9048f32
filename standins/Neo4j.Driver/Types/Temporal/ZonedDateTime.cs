using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>An instant, and the offset or zone whose clocks it is read from.</summary>
public sealed class ZonedDateTime : TemporalValue, IEquatable<ZonedDateTime>, IComparable, IComparable<ZonedDateTime>
{
    /// <summary>The order of <see cref="CompareTo(ZonedDateTime)"/>.</summary>
    public static readonly IComparer<ZonedDateTime> Comparer = Comparer<ZonedDateTime>.Default;

    private readonly LocalDateTime _local;
    private readonly int _offsetSeconds;

    public ZonedDateTime(DateTimeOffset dateTimeOffset)
        : this(dateTimeOffset.ToUnixTimeSeconds(), Chronology.NanosOf(dateTimeOffset.DateTime), new ZoneOffset((int)dateTimeOffset.Offset.TotalSeconds))
    {
    }

    public ZonedDateTime(DateTime dateTime, TimeSpan offset) : this(dateTime, (int)offset.TotalSeconds)
    {
    }

    /// <param name="dateTime">Kind Utc: the instant; Local or Unspecified: what a clock at the offset shows.</param>
    public ZonedDateTime(DateTime dateTime, int offsetSeconds)
    {
        Zone = new ZoneOffset(offsetSeconds);
        Nanosecond = Chronology.NanosOf(dateTime);
        _offsetSeconds = offsetSeconds;
        var seconds = new LocalDateTime(dateTime).EpochSeconds;
        UtcSeconds = dateTime.Kind == DateTimeKind.Utc ? seconds : seconds - offsetSeconds;
        _local = new LocalDateTime(UtcSeconds + offsetSeconds, Nanosecond);
        if (dateTime.Kind == DateTimeKind.Unspecified) Reason = AmbiguityReason.UnspecifiedDateTimeKind;
    }

    /// <param name="dateTime">Kind Utc: the instant; Local or Unspecified: what a clock in the zone shows.</param>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the zone, and the kind is not Utc.</exception>
    public ZonedDateTime(DateTime dateTime, string zoneId)
    {
        Zone = zoneId != null ? Zone.Of(zoneId) : throw new ArgumentNullException(nameof(zoneId));
        Nanosecond = Chronology.NanosOf(dateTime);
        var seconds = new LocalDateTime(dateTime).EpochSeconds;
        if (dateTime.Kind == DateTimeKind.Utc)
        {
            UtcSeconds = seconds;
            (_local, _offsetSeconds) = LookUp();
            return;
        }

        _offsetSeconds = Zone.OffsetSecondsAt(dateTime);
        UtcSeconds = seconds - _offsetSeconds;
        _local = new LocalDateTime(dateTime);
        Reason = AmbiguityReason.ZoneIdLookUpWithLocalTime;
        if (dateTime.Kind == DateTimeKind.Unspecified) Reason |= AmbiguityReason.UnspecifiedDateTimeKind;
    }

    /// <param name="ticks">Of 100 ns, since 1970-01-01T00:00:00Z.</param>
    public ZonedDateTime(long ticks, Zone zone)
        : this(
            Chronology.FloorDiv(ticks, TimeSpan.TicksPerSecond),
            Chronology.FloorMod(ticks, (int)TimeSpan.TicksPerSecond) * Chronology.NanosPerTick,
            zone)
    {
    }

    /// <param name="utcSeconds">Since 1970-01-01T00:00:00Z.</param>
    public ZonedDateTime(long utcSeconds, int nanos, Zone zone)
    {
        Chronology.CheckNanosecond(nanos, nameof(nanos));
        Zone = zone ?? throw new ArgumentNullException(nameof(zone));
        UtcSeconds = utcSeconds;
        Nanosecond = nanos;
        (_local, _offsetSeconds) = LookUp();
    }

    /// <summary>Why the instant may not be the one that was meant.</summary>
    [Flags]
    public enum AmbiguityReason
    {
        None = 0,
        ZoneIdLookUpWithLocalTime = 1,
        UnspecifiedDateTimeKind = 2,
        RuleLookupTruncatedToClrRange = 3,
    }

    /// <summary>This machine does not know the zone: only the instant is known, no fields of the clock.</summary>
    public bool UnknownZoneInfo { get; set; }

    public AmbiguityReason Reason { get; private set; }

    public bool Ambiguous => Reason != AmbiguityReason.None;

    public long UtcSeconds { get; }

    /// <summary>Ticks of 100 ns since 1970-01-01T00:00:00Z.</summary>
    public long EpochTicks => (UtcSeconds * TimeSpan.TicksPerSecond) + Chronology.TicksOf(Nanosecond);

    public Zone Zone { get; }

    public int Year => _local?.Year ?? 0;

    public int Month => _local?.Month ?? 0;

    public int Day => _local?.Day ?? 0;

    public int Hour => _local?.Hour ?? 0;

    public int Minute => _local?.Minute ?? 0;

    public int Second => _local?.Second ?? 0;

    public int Nanosecond { get; }

    /// <exception cref="TimeZoneNotFoundException">This machine does not know the zone.</exception>
    public int OffsetSeconds => UnknownZoneInfo ? throw UnknownZone() : _offsetSeconds;

    /// <inheritdoc cref="ToDateTimeOffset"/>
    public DateTime LocalDateTime => UnknownZoneInfo ? throw UnknownZone() : _local.ToDateTime();

    /// <inheritdoc cref="ToDateTimeOffset"/>
    public DateTime UtcDateTime => DateTime.SpecifyKind(new LocalDateTime(UtcSeconds, Nanosecond).ToDateTime(), DateTimeKind.Utc);

    /// <exception cref="ValueOverflowException">The year is not within 1 and 9999.</exception>
    /// <exception cref="ValueTruncationException">The nanoseconds are no whole ticks of 100.</exception>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the zone.</exception>
    public DateTimeOffset ToDateTimeOffset() => new(UtcDateTime.AddSeconds(OffsetSeconds).Ticks, TimeSpan.FromSeconds(OffsetSeconds));

    public int CompareTo(ZonedDateTime other) =>
        other is null ? 1 : (UtcSeconds, Nanosecond).CompareTo((other.UtcSeconds, other.Nanosecond));

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        ZonedDateTime other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type {nameof(ZonedDateTime)}.", nameof(obj)),
    };

    /// <summary>The same instant in the same zone.</summary>
    public bool Equals(ZonedDateTime other) =>
        other is not null && UtcSeconds == other.UtcSeconds && Nanosecond == other.Nanosecond && Zone.Equals(other.Zone);

    public override bool Equals(object obj) => Equals(obj as ZonedDateTime);

    public override int GetHashCode() => HashCode.Combine(UtcSeconds, Nanosecond, Zone);

    public override string ToString() => UnknownZoneInfo
        ? $"{{UtcSeconds: {UtcSeconds}, Nanoseconds: {Nanosecond}, Zone: {Zone}}}"
        : $"{_local}{Zone}";

    public static bool operator <(ZonedDateTime left, ZonedDateTime right) => left.CompareTo(right) < 0;

    public static bool operator >(ZonedDateTime left, ZonedDateTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(ZonedDateTime left, ZonedDateTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ZonedDateTime left, ZonedDateTime right) => left.CompareTo(right) >= 0;

    protected override DateTimeOffset ConvertToDateTimeOffset() => ToDateTimeOffset();

    /// <summary>From the fields of a clock, as Bolt before its UTC patch sends them.</summary>
    internal static ZonedDateTime FromLocal(LocalDateTime local, Zone zone)
    {
        var clock = local.Year is > 0 and <= 9999
            ? new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second)
            : new DateTime(local.Year < 1 ? 4 : 9996, local.Month, local.Day, local.Hour, local.Minute, local.Second);
        return new ZonedDateTime(local.EpochSeconds - zone.OffsetSecondsAt(clock), local.Nanosecond, zone);
    }

    private (LocalDateTime Local, int OffsetSeconds) LookUp()
    {
        try
        {
            var offset = Zone.OffsetSecondsAt(Instant());
            return (new LocalDateTime(UtcSeconds + offset, Nanosecond), offset);
        }
        catch (TimeZoneNotFoundException)
        {
            UnknownZoneInfo = true;
            return (null, 0);
        }
    }

    /// <summary>Rules of zones are known for .NET's years only; beyond them the nearest year's hold.</summary>
    private DateTime Instant()
    {
        const long first = -62_135_596_800, last = 253_402_300_799;
        if (Zone is ZoneId && UtcSeconds is < first or > last) Reason |= AmbiguityReason.RuleLookupTruncatedToClrRange;
        return DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(UtcSeconds, first, last)).UtcDateTime;
    }

    private TimeZoneNotFoundException UnknownZone() => new($"The time zone {Zone} is not known on this machine.");
}
