using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Compare;

/// <summary>One text for one value, whether PostgreSQL printed it or a graph did.</summary>
internal static class CanonicalText
{
    public static string? Of(PgType type, string? text) => text is null ? null : type.Kind switch
    {
        PgKind.Bool => text is "t" or "true" or "True" ? "true" : "false",
        PgKind.TimestampTz when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) =>
            at.ToString("O", CultureInfo.InvariantCulture),
        PgKind.Timestamp when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) => at.ToString("O", CultureInfo.InvariantCulture),
        PgKind.Float4 or PgKind.Float8 when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => number.ToString("R", CultureInfo.InvariantCulture),
        _ => text,
    };
}
