using System.Globalization;

namespace Akka.Hosting;

/// <summary>Values as HOCON literals.</summary>
public static class HoconExtensions
{
    public static string ToHocon(this bool value) => value ? "on" : "off";

    public static string ToHocon(this int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string ToHocon(this long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Quoted where the text needs it.</summary>
    public static string ToHocon(this string? text)
        => text == null ? "null"
            : text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? text
            : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r")}\"";

    /// <summary>Milliseconds, or infinite where that is allowed.</summary>
    public static string ToHocon(this TimeSpan value, bool allowInfinite = false, bool zeroIsInfinite = false)
    {
        if (value < TimeSpan.Zero || zeroIsInfinite && value == TimeSpan.Zero)
            return allowInfinite ? "infinite" : throw new ArgumentException("The time may not be infinite.", nameof(value));
        return $"{value.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms";
    }
}
