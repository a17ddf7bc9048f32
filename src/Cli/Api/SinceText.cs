using System.Globalization;

namespace PolyglotSync.Cli.Api;

/// <summary>How far back one looks, as a person writes it: a duration before now, or a time.</summary>
public static class SinceText
{
    public const string Rule = "it looks like 30m, 24h, 7d, or 2026-11-30T08:00:00Z";

    /// <summary>The moment that is meant; null where the text is none.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            TimeSpan? unit = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            };
            if (unit is { } one) return one.Ticks > (now - DateTimeOffset.UnixEpoch).Ticks / Math.Max(1, amount) ? DateTimeOffset.UnixEpoch : now - (one * amount);
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && text.Contains('-', StringComparison.Ordinal) ? at : null;
    }
}
