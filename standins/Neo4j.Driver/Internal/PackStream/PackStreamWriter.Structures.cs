#nullable enable
using System.Buffers.Binary;

namespace Neo4j.Driver.Internal.PackStream;

/// <summary>Temporal and spatial values.</summary>
internal sealed partial class PackStreamWriter
{
    private void WriteStructure(object value)
    {
        switch (value)
        {
            case LocalDate date:
                WriteStructHeader(StructTag.Date, 1);
                WriteInteger(date.EpochDays);
                break;
            case LocalTime time:
                WriteStructHeader(StructTag.LocalTime, 1);
                WriteInteger(time.NanosOfDay);
                break;
            case OffsetTime time:
                WriteStructHeader(StructTag.Time, 2);
                WriteInteger(time.NanosOfDay);
                WriteInteger(time.OffsetSeconds);
                break;
            case LocalDateTime dateTime: WriteLocalDateTime(dateTime.EpochSeconds, dateTime.Nanosecond); break;
            case ZonedDateTime dateTime: WriteZoned(dateTime); break;
            case Duration duration:
                WriteStructHeader(StructTag.Duration, 4);
                WriteInteger(duration.Months);
                WriteInteger(duration.Days);
                WriteInteger(duration.Seconds);
                WriteInteger(duration.Nanos);
                break;
            case Point point: WritePoint(point); break;
            case DateTime { Kind: DateTimeKind.Utc } instant: WriteZoned(EpochSeconds(instant.Ticks), Nanos(instant.Ticks), 0); break;
            case DateTime dateTime: WriteLocalDateTime(EpochSeconds(dateTime.Ticks), Nanos(dateTime.Ticks)); break;
            case DateTimeOffset instant:
                WriteZoned(EpochSeconds(instant.UtcTicks), Nanos(instant.UtcTicks), (int)instant.Offset.TotalSeconds);
                break;
            case TimeSpan time: WriteTimeOfDay(time); break;
            default:
                throw new ProtocolException($"Cannot understand value with type {value.GetType().FullName}: Cypher has no such type.");
        }
    }

    private static long EpochSeconds(long ticks) => (ticks - DateTime.UnixEpoch.Ticks - (ticks % TimeSpan.TicksPerSecond)) / TimeSpan.TicksPerSecond;

    private static int Nanos(long ticks) => (int)(ticks % TimeSpan.TicksPerSecond) * Chronology.NanosPerTick;

    private void WriteLocalDateTime(long epochSeconds, int nanos)
    {
        WriteStructHeader(StructTag.LocalDateTime, 2);
        WriteInteger(epochSeconds);
        WriteInteger(nanos);
    }

    private void WriteZoned(ZonedDateTime value)
    {
        if (value.Zone is ZoneOffset offset)
        {
            WriteZoned(value.UtcSeconds, value.Nanosecond, offset.OffsetSeconds);
            return;
        }

        WriteStructHeader(UtcDateTimes ? StructTag.DateTimeZoneId : StructTag.LegacyDateTimeZoneId, 3);
        WriteInteger(UtcDateTimes ? value.UtcSeconds : value.UtcSeconds + value.OffsetSeconds);
        WriteInteger(value.Nanosecond);
        WriteString(((ZoneId)value.Zone).Id);
    }

    private void WriteZoned(long utcSeconds, int nanos, int offsetSeconds)
    {
        WriteStructHeader(UtcDateTimes ? StructTag.DateTime : StructTag.LegacyDateTime, 3);
        WriteInteger(UtcDateTimes ? utcSeconds : utcSeconds + offsetSeconds);
        WriteInteger(nanos);
        WriteInteger(offsetSeconds);
    }

    private void WriteTimeOfDay(TimeSpan time)
    {
        if (time < TimeSpan.Zero || time >= TimeSpan.FromDays(1))
        {
            throw new ProtocolException($"A TimeSpan goes to Cypher as a time of day, and {time} is none; use Duration for a length of time.");
        }

        WriteStructHeader(StructTag.LocalTime, 1);
        WriteInteger(time.Ticks * Chronology.NanosPerTick);
    }

    private void WritePoint(Point point)
    {
        WriteStructHeader(point.Dimension == 2 ? StructTag.Point2D : StructTag.Point3D, point.Dimension + 1);
        WriteInteger(point.SrId);
        WriteFloat(point.X);
        WriteFloat(point.Y);
        if (point.Dimension == 3) WriteFloat(point.Z);
    }
}
