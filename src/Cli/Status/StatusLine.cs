using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Status;

/// <summary>A pipeline in one plain line: for logs and for a watch without a terminal.</summary>
public static class StatusLine
{
    public static string Render(PipelineStatus p) =>
        $"{p.Name} {p.State.ToString().ToLowerInvariant()} {(p.Node is null ? "" : $"node={p.Node} ")}{Position(p)} "
        + $"rows/s={Amounts.Count((long)p.RowsPerSecond)} applied={Amounts.Count(p.RowsApplied)} in-flight={Amounts.Count(p.RowsInFlight)} "
        + $"p50={Amounts.Milliseconds(p.LatencyP50Ms)} p99={Amounts.Milliseconds(p.LatencyP99Ms)} dead-letters={Amounts.Count(p.DeadLetters)}"
        + (p.Partitions.Count > 0 ? $" partitions={NodeShare.Counts(p.Partitions).Replace(", ", ",", StringComparison.Ordinal).Replace(' ', ':')}" : p.ActiveNode is { } active ? $" active={active}" : "")
        + (p.Incident is null ? "" : $" incident={IncidentText.Short(p.Incident)}")
        + (p.LastError is null ? "" : $" error{(p.LastErrorAt is { } at ? $"@{IncidentText.Stamp(at)}" : "")}: {p.LastError}");

    private static string Position(PipelineStatus p) => $"watermark={(p.HasWatermark ? p.Watermark : "none")} lag={StatusTable.Lag(p).Replace(", ", "/", StringComparison.Ordinal)}";
}
