using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace PolyglotSync.Testing.Oracle;

/// <summary>
/// One text for each property value, with its type, for both sides of a comparison: <c>int 5</c>, <c>float 1.5</c>, <c>text abc</c>, <c>date 2020-01-01</c>,
/// <c>duration months/days/nanoseconds</c>, <c>[…]</c>. So 5 and "5" differ, and two spellings of one moment do not.
/// </summary>
public static partial class Canonical
{
    public static string Text(string value) => "text " + value;

    public static string Bool(bool value) => value ? "bool true" : "bool false";

    public static string Int(string digits) => "int " + BigInteger.Parse(digits, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    public static string Float(string text)
    {
        var value = text switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return "float " + (value == 0 ? "0" : value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A double as FalkorDB prints it: 15 significant digits.</summary>
    public static string Float15(string canonical) =>
        canonical.StartsWith("float ", StringComparison.Ordinal) && double.TryParse(canonical.AsSpan(6), CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Float(value.ToString("G15", CultureInfo.InvariantCulture)) : canonical;

    public static string Bytes(string hex) => "bytes " + hex.ToLowerInvariant();

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>An ISO 8601 date, time, date and time or duration, as Neo4j or this oracle spells it.</summary>
    public static string Temporal(string iso)
    {
        if (iso.StartsWith('P') || iso.StartsWith("-P", StringComparison.Ordinal)) return Duration(iso);
        var bracket = iso.IndexOf('[', StringComparison.Ordinal);
        if (bracket >= 0) iso = iso[..bracket];
        var t = iso.IndexOf('T', StringComparison.Ordinal);
        if (t < 0 && !iso.Contains(':', StringComparison.Ordinal)) return "date " + Date(iso);
        var time = Clock(t < 0 ? iso : iso[(t + 1)..], out var offset);
        return t < 0 ? $"time {time}{offset}" : $"datetime {Date(iso[..t])}T{time}{offset}";
    }

    private static string Date(string iso)
    {
        var sign = iso.StartsWith('-') ? "-" : "";
        var parts = iso.TrimStart('+', '-').Split('-');
        return $"{sign}{parts[0].TrimStart('0').PadLeft(4, '0')}-{parts[1]}-{parts[2]}";
    }

    private static string Clock(string text, out string offset)
    {
        var match = ClockPattern().Match(text);
        if (!match.Success) throw new FormatException($"the oracle cannot read the time '{text}'");
        offset = match.Groups["o"].Value is "Z" ? "+00:00" : match.Groups["o"].Value;
        if (offset.Length == 3) offset += ":00";
        if (offset.Length == 9 && offset.EndsWith(":00", StringComparison.Ordinal)) offset = offset[..6];
        var seconds = match.Groups["s"].Success ? match.Groups["s"].Value : "00";
        var fraction = match.Groups["f"].Value.TrimEnd('0');
        return $"{match.Groups["h"].Value}:{match.Groups["m"].Value}:{seconds}{(fraction.Length == 0 ? "" : "." + fraction)}";
    }

    /// <summary>Months, days and nanoseconds; each number may carry its own sign.</summary>
    public static string Duration(string iso)
    {
        decimal months = 0, days = 0, nanoseconds = 0;
        var sign = iso.StartsWith('-') ? -1 : 1;
        var inTime = false;
        foreach (Match match in DurationPattern().Matches(iso))
        {
            if (match.Value == "T")
            {
                inTime = true;
                continue;
            }
            var value = sign * decimal.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
            switch (match.Groups["u"].Value[0], inTime)
            {
                case ('Y', false): months += value * 12; break;
                case ('M', false): months += value; break;
                case ('W', false): days += value * 7; break;
                case ('D', false): days += value; break;
                case ('H', true): nanoseconds += value * 3_600_000_000_000m; break;
                case ('M', true): nanoseconds += value * 60_000_000_000m; break;
                case ('S', true): nanoseconds += value * 1_000_000_000m; break;
                default: throw new FormatException($"the oracle cannot read the duration '{iso}'");
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"duration {months:0}/{days:0}/{nanoseconds:0}");
    }

    [GeneratedRegex(@"^(?<h>\d\d):(?<m>\d\d)(:(?<s>\d\d)(\.(?<f>\d+))?)?(?<o>Z|[+-]\d\d(:?\d\d(:\d\d)?)?)?$")]
    private static partial Regex ClockPattern();

    [GeneratedRegex(@"T|(?<n>[+-]?\d+(\.\d+)?)(?<u>[YMWDHS])")]
    private static partial Regex DurationPattern();
}
