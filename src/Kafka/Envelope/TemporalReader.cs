using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Dates, times and intervals of every <c>time.precision.mode</c> as PostgreSQL prints them. The unit of a number is, in this order: the schema's; that of the options; that of
/// <c>adaptive</c> for the column, unless the number cannot be meant so (<see cref="TimePrecision.Auto"/>).
/// </summary>
internal sealed class TemporalReader(TimePrecision precision)
{
    /// <summary>Below this a microsecond timestamp would be of the first 116 days of 1970; as milliseconds it is of the years 1653 to 2286.</summary>
    private const long LikelyMillis = 10_000_000_000_000;

    /// <summary>From here on milliseconds would be after the year 11476.</summary>
    private const long LikelyMicros = 300_000_000_000_000;

    /// <summary>From here on microseconds would be after the year 11476; as nanoseconds it is after July 1979.</summary>
    private const long LikelyNanos = 300_000_000_000_000_000;

    private const long MillisPerDay = 86_400_000;

    public static void Date(ref Utf8JsonReader reader, ByteBuffer output)
    {
        if (!(reader.TokenType == JsonTokenType.Number ? reader.TryGetInt64(out var days) : TemporalText.TryDate(Text(ref reader), out days)))
        {
            Special(ref reader, output, "a date");
            return;
        }
        if (days == Calendar.DateInfinity) output.Raw("infinity"u8);
        else if (days == Calendar.DateMinusInfinity) output.Raw("-infinity"u8);
        else if (Math.Abs(days) > 3_000_000_000) throw new FormatException($"cannot hold day {days} of 1970");
        else TemporalFormat.PgDate(days, output);
    }

    public void Time(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        long micros;
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var value)) throw Wrong("a time");
            micros = Micros(value, TimeUnitOf(value, column, schema, own));
        }
        else if (!TemporalText.TryTime(Text(ref reader), out micros, out _, out _)) throw Wrong("a time");
        if (micros is < 0 or > Calendar.MicrosPerDay) throw new FormatException("cannot hold a time outside a day");
        TemporalFormat.Time(micros, 0, output);
    }

    public static void TimeTz(ref Utf8JsonReader reader, ByteBuffer output)
    {
        if (!TemporalText.TryTime(Text(ref reader), out var micros, out var offset, out _)) throw Wrong("a time with time zone");
        TemporalFormat.Time(micros, 0, output);
        output.Byte(offset < 0 ? (byte)'-' : (byte)'+');
        offset = Math.Abs(offset);
        Two(offset / 3600, output);
        if (offset % 3600 == 0) return;
        output.Byte((byte)':');
        Two(offset / 60 % 60, output);
        if (offset % 60 == 0) return;
        output.Byte((byte)':');
        Two(offset % 60, output);
    }

    public void Timestamp(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        var zoned = column.Form == ValueForm.TimestampTz;
        long days;
        long micros;
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var value)) throw Wrong("a timestamp");
            var unit = TimestampUnitOf(value, column, schema, own);
            if (IsInfinity(value, unit, output)) return;
            (days, micros) = unit == TimeUnit.Millis ? SplitMillis(value) : Calendar.Split(unit == TimeUnit.Nanos ? FloorThousandth(value) : value);
        }
        else if (!TemporalText.TryTimestamp(Text(ref reader), out days, out micros))
        {
            Special(ref reader, output, "a timestamp");
            return;
        }
        else if (!own && (days, micros) == Calendar.Split(Calendar.TimestampInfinity))
        {
            output.Raw("infinity"u8);
            return;
        }
        else if (!own && (days, micros) == Calendar.Split(Calendar.TimestampMinusInfinity))
        {
            output.Raw("-infinity"u8);
            return;
        }
        TemporalFormat.PgTimestamp(days, micros, zoned, output);
    }

    /// <summary>A number of microseconds (MicroDuration) is printed as hours, minutes and seconds: its years, months and days were counted as 365.25 days a year before.</summary>
    public static void Interval(ref Utf8JsonReader reader, FieldSchema? schema, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var value)) throw Wrong("an interval");
            IntervalText.WriteMicros(schema?.Unit == TimeUnit.Nanos ? value / 1000 : value, output);
        }
        else if (!IntervalText.TryWriteShort(Text(ref reader), output)) Special(ref reader, output, "an interval");
    }

    private TimeUnit TimeUnitOf(long value, ColumnCodec column, FieldSchema? schema, bool own)
    {
        var adaptive = column.CountsMillis ? TimeUnit.Millis : TimeUnit.Micros;
        if (own) return adaptive;
        if (schema is { Unit: not TimeUnit.Unknown }) return schema.Unit;
        return precision switch
        {
            TimePrecision.Adaptive => adaptive,
            TimePrecision.Connect => TimeUnit.Millis,
            TimePrecision.AdaptiveTimeMicroseconds or TimePrecision.Microseconds => TimeUnit.Micros,
            TimePrecision.Nanoseconds => TimeUnit.Nanos,
            _ => value > MillisPerDay * 1000 ? TimeUnit.Nanos : value > MillisPerDay ? TimeUnit.Micros : adaptive,
        };
    }

    private TimeUnit TimestampUnitOf(long value, ColumnCodec column, FieldSchema? schema, bool own)
    {
        var adaptive = column.CountsMillis ? TimeUnit.Millis : TimeUnit.Micros;
        if (own) return adaptive;
        if (schema is { Unit: not TimeUnit.Unknown }) return schema.Unit;
        return precision switch
        {
            TimePrecision.Adaptive or TimePrecision.AdaptiveTimeMicroseconds => adaptive,
            TimePrecision.Connect => TimeUnit.Millis,
            TimePrecision.Microseconds => TimeUnit.Micros,
            TimePrecision.Nanoseconds => TimeUnit.Nanos,
            _ => Likely(value, column.CountsMillis),
        };
    }

    private static TimeUnit Likely(long value, bool millis)
    {
        if (value is Calendar.TimestampInfinity or Calendar.TimestampMinusInfinity) return TimeUnit.Micros;
        if (value is Calendar.TimestampInfinity / 1000 or Calendar.TimestampMinusInfinity / 1000) return TimeUnit.Millis;
        if (value is >= LikelyNanos or <= -LikelyNanos) return TimeUnit.Nanos;
        if (value is > -LikelyMillis and < LikelyMillis) return TimeUnit.Millis;
        return millis && value is > -LikelyMicros and < LikelyMicros ? TimeUnit.Millis : TimeUnit.Micros;
    }

    private static bool IsInfinity(long value, TimeUnit unit, ByteBuffer output)
    {
        // In nanoseconds Debezium overflows, and this is what is left of both.
        var (positive, negative) = unit switch
        {
            TimeUnit.Millis => (Calendar.TimestampInfinity / 1000, Calendar.TimestampMinusInfinity / 1000),
            TimeUnit.Micros => (Calendar.TimestampInfinity, Calendar.TimestampMinusInfinity),
            _ => (-29_575_808_000, 22_375_808_000),
        };
        if (value == positive) output.Raw("infinity"u8);
        else if (value == negative) output.Raw("-infinity"u8);
        else return false;
        return true;
    }

    private static long Micros(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Millis => checked(value * 1000),
        TimeUnit.Nanos => value / 1000,
        _ => value,
    };

    private static (long Days, long Micros) SplitMillis(long value)
    {
        var days = Math.DivRem(value, MillisPerDay, out var rest);
        return rest < 0 ? (days - 1, (rest + MillisPerDay) * 1000) : (days, rest * 1000);
    }

    private static long FloorThousandth(long nanos) => (nanos / 1000) - (nanos % 1000 < 0 ? 1 : 0);

    private static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? default : reader.ValueIsEscaped ? JsonText.Copy(ref reader) : reader.ValueSpan;

    /// <summary>What has no date but stands for itself.</summary>
    private static void Special(ref Utf8JsonReader reader, ByteBuffer output, string what)
    {
        var text = Text(ref reader);
        if (!text.SequenceEqual("infinity"u8) && !text.SequenceEqual("-infinity"u8)) throw Wrong(what);
        output.Raw(text);
    }

    private static FormatException Wrong(string what) => new($"cannot hold what is not {what}");

    private static void Two(int value, ByteBuffer output)
    {
        output.Byte((byte)('0' + (value / 10)));
        output.Byte((byte)('0' + (value % 10)));
    }
}
