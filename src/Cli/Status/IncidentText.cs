using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Status;

/// <summary>Incidents in words.</summary>
internal static class IncidentText
{
    /// <summary>outage since 2026-11-30 07:12:03 UTC: target: connection refused; retried 14 times.</summary>
    public static string Of(OpenIncident incident)
    {
        var done = Done(incident.Retries, incident.CircuitOpenings, incident.Restarts, incident.DeadLetters, 0);
        return $"{Word(incident.Kind)} since {Time(incident.Since)} UTC: {incident.Reason}{(done.Length == 0 ? "" : $"; {done}")}";
    }

    /// <summary>outage@2026-11-30T07:12:03Z.</summary>
    public static string Short(OpenIncident incident) => $"{Word(incident.Kind)}@{Stamp(incident.Since)}";

    /// <summary>2026-11-30T07:12:03Z.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>What was done about it; empty where nothing was.</summary>
    public static string Done(int retries, int circuitOpenings, int restarts, int deadLetters, int relapses)
    {
        var done = new List<string>();
        if (retries > 0) done.Add($"retried {Times(retries)}");
        if (circuitOpenings > 0) done.Add($"circuit opened {Times(circuitOpenings)}");
        if (restarts > 0) done.Add($"started again {Times(restarts)}");
        if (deadLetters > 0) done.Add(deadLetters == 1 ? "1 dead letter" : $"{Amounts.Count(deadLetters)} dead letters");
        if (relapses > 0) done.Add($"came back {Times(relapses)}");
        return string.Join(", ", done);
    }

    public static string Word(IncidentKind kind) => kind.ToString().ToLowerInvariant();

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Times(int count) => count == 1 ? "once" : $"{Amounts.Count(count)} times";
}
