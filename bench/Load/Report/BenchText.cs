using System.Globalization;
using System.Text;

namespace PolyglotSync.Bench.Report;

/// <summary>The report for people: a Markdown table, so that it can go into the README as it is.</summary>
internal static class BenchText
{
    public static string Write(BenchReport report)
    {
        var text = new StringBuilder();
        Add(text, $"{report.Target}, {report.Settings.Consistency.ToString().ToLowerInvariant()}, scale {report.Settings.Scale}, {Environment.ProcessorCount} cores, built on {BenchReport.Packages}");
        if (report.Limit is { } limit)
            Add(text, $"limit (from memory, no capture): {limit.All:N0} rows/s; users {limit.Users:N0}, follows {limit.Follows:N0}, updates {limit.Updates:N0}");
        Add(text, $"");
        Add(text, $"| scenario | rows | rows/s | of limit | node: peak memory | CPU | capture | entities | plan | encoding | server | waiting |");
        Add(text, $"|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var r in report.Results)
        {
            var s = r.Node.Stages;
            Add(text, $"| {r.Name} | {r.Rows:N0} | {r.RowsPerSecond:N0} | {Ratio(r)} | {r.Node.PeakRssMb:N0} MiB | {r.Node.CpuSeconds:N1} s | {s.Capture:N1} s | {s.Entities:N1} s | {s.Plan:N1} s | {s.Encoding:N1} s | {s.Server:N1} s | {s.Waiting:N1} s |");
        }
        foreach (var r in report.Results.Where(r => r.Latency is not null || r.More.Count > 0)) Add(text, $"\n{Line(r)}");
        return text.ToString().TrimEnd();
    }

    private const int MostStalls = 8;

    /// <summary>One scenario in one line.</summary>
    public static string Line(ScenarioResult r)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{r.Name}: ");
        if (r.Latency is { } l)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"commit to visible p50 {l.P50:N1} ms, p95 {l.P95:N1} ms, p99 {l.P99:N1} ms, max {l.Max:N0} ms at {l.ReachedRate:N0} commits/s ({l.Commits:N0} commits; {l.Checks} rows looked up in the graph, all there)");
            if (l.Stalls.Count > 0) text.Append(CultureInfo.InvariantCulture, $"; over 30 ms {l.Stalls.Count} times: {string.Join(", ", l.Stalls.Take(MostStalls).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Milliseconds:N0} ms at {s.At:N1} s")))}");
        }
        else text.Append(CultureInfo.InvariantCulture, $"{r.Rows:N0} rows in {r.Seconds:N1} s, {r.RowsPerSecond:N0} rows/s{(r.Ratio is null ? "" : $", {Ratio(r)} of the limit")}");
        text.Append(CultureInfo.InvariantCulture, $"; node peak {r.Node.PeakRssMb:N0} MiB, CPU {r.Node.CpuSeconds:N1} s");
        foreach (var (name, value) in r.More) text.Append(CultureInfo.InvariantCulture, $"; {name} {value:N2}");
        return text.ToString();
    }

    private static string Ratio(ScenarioResult r) => r.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static void Add(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
