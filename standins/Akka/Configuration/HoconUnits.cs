using System.Globalization;
using System.Text.RegularExpressions;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes as HOCON writes them.</summary>
internal static partial class HoconUnits
{
    internal static TimeSpan Duration(string text, bool allowInfinite)
    {
        if (text == null)
            throw new FormatException("A duration was expected, and there is no value.");
        if (allowInfinite && text is "infinite" or "infinity")
            return Timeout.InfiniteTimeSpan;
        var match = Form().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"'{text}' is not a duration; write a number with one of ns, us, ms, s, m, h, d.");
        if (number < 0)
            throw new FormatException($"Expected a positive value, got '{text}'.");
        return match.Groups[2].Value switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TimeSpan.FromTicks((long)Math.Round(number / 100)),
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.FromTicks((long)Math.Round(number * 10)),
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(number),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(number),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(number),
            "h" or "hour" or "hours" => TimeSpan.FromHours(number),
            "d" or "day" or "days" => TimeSpan.FromDays(number),
            var unit => throw new FormatException($"'{unit}' in '{text}' is not a unit of time."),
        };
    }

    internal static long Bytes(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"'{text}' is not a size; write a number with one of b, kB, KiB, MB, MiB, GB, GiB.");
        var factor = match.Groups[2].Value switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1L,
            "kB" or "kilobyte" or "kilobytes" => 1_000L,
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "MB" or "megabyte" or "megabytes" => 1_000_000L,
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "GB" or "gigabyte" or "gigabytes" => 1_000_000_000L,
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "TB" or "terabyte" or "terabytes" => 1_000_000_000_000L,
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            var unit => throw new FormatException($"'{unit}' in '{text}' is not a unit of size."),
        };
        return (long)(number * factor);
    }

    [GeneratedRegex(@"^\s*(-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*([A-Za-z]*)\s*$")]
    private static partial Regex Form();
}
