using System.Buffers.Text;
using Neo4j.Driver;

namespace PolyglotSync.Graph.Values;

/// <summary>Dates and times for Neo4j. What its types cannot hold (infinity, 24:00:00) stays the text that PostgreSQL prints.</summary>
internal abstract class TemporalDecoder : PropertyDecoder
{
    public override object? Decode(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return null;
        return Read(text) ?? (IsPrintedAsIs(text) ? TextDecoder.Instance.Decode(text) : null);
    }

    protected abstract object? Read(ReadOnlySpan<byte> text);

    private static bool IsPrintedAsIs(ReadOnlySpan<byte> text) =>
        text.EndsWith("infinity"u8) || text.StartsWith("24:00:00"u8) || text[0] is >= (byte)'0' and <= (byte)'9' or (byte)'P';
}

internal sealed class DateDecoder : TemporalDecoder
{
    protected override object? Read(ReadOnlySpan<byte> text)
    {
        var beforeChrist = TemporalText.TakeBeforeChrist(ref text);
        if (!TemporalText.TryDate(ref text, out var year, out var month, out var day) || !text.IsEmpty) return null;
        return new LocalDate(beforeChrist ? 1 - year : year, month, day);
    }
}

internal sealed class TimeDecoder : TemporalDecoder
{
    protected override object? Read(ReadOnlySpan<byte> text) =>
        TemporalText.TryTime(ref text, out var hour, out var minute, out var second, out var nano) && text.IsEmpty
            ? new LocalTime(hour, minute, second, nano) : null;
}

internal sealed class TimeTzDecoder : TemporalDecoder
{
    protected override object? Read(ReadOnlySpan<byte> text) =>
        TemporalText.TryTime(ref text, out var hour, out var minute, out var second, out var nano)
        && TemporalText.TryOffset(ref text, out var offset) && text.IsEmpty
            ? new OffsetTime(hour, minute, second, nano, offset) : null;
}

internal sealed class TimestampDecoder : TemporalDecoder
{
    protected override object? Read(ReadOnlySpan<byte> text)
    {
        var beforeChrist = TemporalText.TakeBeforeChrist(ref text);
        return TemporalText.TryDate(ref text, out var year, out var month, out var day) && TemporalText.TryByte(ref text, (byte)' ')
            && TemporalText.TryTime(ref text, out var hour, out var minute, out var second, out var nano) && text.IsEmpty
            ? new LocalDateTime(beforeChrist ? 1 - year : year, month, day, hour, minute, second, nano) : null;
    }
}

internal sealed class TimestampTzDecoder : TemporalDecoder
{
    /// <summary>0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what .NET's own type holds.</summary>
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    private static readonly Zone Utc = Zone.Of(0);

    protected override object? Read(ReadOnlySpan<byte> text)
    {
        var beforeChrist = TemporalText.TakeBeforeChrist(ref text);
        if (!TemporalText.TryDate(ref text, out var year, out var month, out var day) || !TemporalText.TryByte(ref text, (byte)' ')
            || !TemporalText.TryTime(ref text, out var hour, out var minute, out var second, out var nano)
            || !TemporalText.TryOffset(ref text, out var offset) || !text.IsEmpty) return null;
        var days = TemporalText.DaysFromCivil(beforeChrist ? 1 - year : year, month, day);
        var seconds = (days * 86400) + (hour * 3600) + (minute * 60) + second - offset;
        // a quarter of the driver's own type in memory; PostgreSQL knows microseconds, so nothing is lost
        return seconds is >= FirstSecond and <= LastSecond
            ? DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nano / TimeSpan.NanosecondsPerTick))
            : new ZonedDateTime(seconds, nano, Utc);
    }
}

/// <summary>ISO 8601 durations with a sign on each part: <c>P1Y-2M3DT-4H5M6.7S</c>.</summary>
internal sealed class IntervalDecoder : TemporalDecoder
{
    protected override object? Read(ReadOnlySpan<byte> text)
    {
        if (!TemporalText.TryByte(ref text, (byte)'P') || text.IsEmpty) return null;
        long months = 0, days = 0, seconds = 0, nanos = 0;
        var inTime = false;
        while (!text.IsEmpty)
        {
            if (TemporalText.TryByte(ref text, (byte)'T'))
            {
                inTime = true;
                continue;
            }
            var negative = text[0] == '-';
            if (!Utf8Parser.TryParse(text, out long value, out var read)) return null;
            text = text[read..];
            if (TemporalText.TryByte(ref text, (byte)'.'))
            {
                var fraction = TemporalText.Fraction(ref text);
                nanos += negative ? -fraction : fraction;
            }
            if (text.IsEmpty) return null;
            switch (text[0], inTime)
            {
                case ((byte)'Y', false): months += value * 12; break;
                case ((byte)'M', false): months += value; break;
                case ((byte)'W', false): days += value * 7; break;
                case ((byte)'D', false): days += value; break;
                case ((byte)'H', true): seconds += value * 3600; break;
                case ((byte)'M', true): seconds += value * 60; break;
                case ((byte)'S', true): seconds += value; break;
                default: return null;
            }
            text = text[1..];
        }
        // the driver wants 0 to 999,999,999 nanoseconds
        if (nanos < 0)
        {
            nanos += 1_000_000_000;
            seconds--;
        }
        return new Duration(months, days, seconds, (int)nanos);
    }
}
