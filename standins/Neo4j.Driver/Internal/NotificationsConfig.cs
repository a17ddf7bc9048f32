#nullable enable
namespace Neo4j.Driver.Internal;

/// <summary>The notification filter as HELLO, BEGIN and RUN carry it from Bolt 5.2 on.</summary>
internal sealed class NotificationsConfig(Severity? minimumSeverity, Category[]? disabledCategories) : INotificationsConfig
{
    public static readonly NotificationsConfig Disabled = new(null, null);

    public void AddTo(Dictionary<string, object?> extra)
    {
        if (ReferenceEquals(this, Disabled)) extra["notifications_minimum_severity"] = "OFF";
        if (minimumSeverity is { } severity) extra["notifications_minimum_severity"] = severity.ToString().ToUpperInvariant();
        if (disabledCategories != null)
        {
            extra["notifications_disabled_categories"] = disabledCategories.Select(c => c.ToString().ToUpperInvariant()).ToArray();
        }
    }
}
