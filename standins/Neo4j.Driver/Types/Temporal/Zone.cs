using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Where a <see cref="ZonedDateTime"/> is: at a fixed offset or in a named zone.</summary>
public abstract class Zone
{
    /// <param name="offsetSeconds">-64,800 to 64,800; east of Greenwich is positive.</param>
    public static Zone Of(int offsetSeconds) => new ZoneOffset(offsetSeconds);

    /// <param name="zoneId">A name of the IANA database, e.g. Europe/London.</param>
    public static Zone Of(string zoneId) => new ZoneId(zoneId);

    /// <summary>Kind Utc: an instant; otherwise: what the clocks in the zone show.</summary>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the zone.</exception>
    internal abstract int OffsetSecondsAt(DateTime dateTime);
}

public sealed class ZoneId : Zone, IEquatable<ZoneId>
{
    internal ZoneId(string id) => Id = string.IsNullOrWhiteSpace(id) ? throw new ArgumentNullException(nameof(id)) : id;

    public string Id { get; }

    public bool Equals(ZoneId other) => other is not null && Id == other.Id;

    public override bool Equals(object obj) => Equals(obj as ZoneId);

    public override int GetHashCode() => Id.GetHashCode();

    public override string ToString() => $"[{Id}]";

    internal override int OffsetSecondsAt(DateTime dateTime)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Id);
        return (int)zone.GetUtcOffset(
            dateTime.Kind == DateTimeKind.Utc ? dateTime : DateTime.SpecifyKind(dateTime, DateTimeKind.Unspecified)).TotalSeconds;
    }
}

public sealed class ZoneOffset : Zone, IEquatable<ZoneOffset>
{
    internal ZoneOffset(int offsetSeconds)
    {
        Chronology.CheckOffset(offsetSeconds);
        OffsetSeconds = offsetSeconds;
    }

    public int OffsetSeconds { get; }

    public TimeSpan Offset => TimeSpan.FromSeconds(OffsetSeconds);

    public bool Equals(ZoneOffset other) => other is not null && OffsetSeconds == other.OffsetSeconds;

    public override bool Equals(object obj) => Equals(obj as ZoneOffset);

    public override int GetHashCode() => OffsetSeconds;

    public override string ToString() => Chronology.IsoOffset(OffsetSeconds);

    internal override int OffsetSecondsAt(DateTime dateTime) => OffsetSeconds;
}
