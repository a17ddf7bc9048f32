using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolyglotSync.Bench.Report;

/// <summary>The report for programs. Rates in rows a second, times in milliseconds or seconds as the names say, memory in MiB.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(BenchReport report)
    {
        var root = new JsonObject
        {
            ["target"] = report.Target,
            ["consistency"] = report.Settings.Consistency.ToString().ToLowerInvariant(),
            ["scale"] = report.Settings.Scale,
            ["packages"] = BenchReport.Packages,
            ["cores"] = Environment.ProcessorCount,
        };
        if (report.Limit is { } limit)
        {
            root["limit_rows_per_s"] = Math.Round(limit.All);
            root["limit"] = new JsonObject
            {
                ["inserts_rows_per_s"] = Math.Round(limit.Inserts), ["users_rows_per_s"] = Math.Round(limit.Users),
                ["follows_rows_per_s"] = Math.Round(limit.Follows), ["updates_rows_per_s"] = Math.Round(limit.Updates),
            };
        }
        var latency = new JsonObject();
        foreach (var result in report.Results)
        {
            if (result.Latency is { } times) latency[times.Rate.ToString(CultureInfo.InvariantCulture)] = Of(times);
            else root[result.Name] = Of(result);
        }
        if (latency.Count > 0) root["latency_ms"] = latency;
        if (report.Results.Count > 0)
        {
            root["node"] = new JsonObject
            {
                ["peak_rss_mb"] = Math.Round(report.Results.Max(r => r.Node.PeakRssMb), 1), ["cpu_s"] = Math.Round(report.Results.Sum(r => r.Node.CpuSeconds), 1),
            };
            var each = new JsonObject();
            foreach (var result in report.Results) each[result.Name] = Of(result.Node);
            root["node_by_scenario"] = each;
        }
        return root.ToJsonString(Indented);
    }

    private static JsonObject Of(ScenarioResult result)
    {
        var json = new JsonObject { ["rows"] = result.Rows, ["seconds"] = Math.Round(result.Seconds, 2), ["rows_per_s"] = Math.Round(result.RowsPerSecond) };
        if (result.Ratio is { } ratio) json["ratio"] = Math.Round(ratio, 3);
        foreach (var (name, value) in result.More) json[name] = Math.Round(value, 2);
        return json;
    }

    private static JsonObject Of(LatencyResult times) => new()
    {
        ["p50"] = times.P50, ["p95"] = times.P95, ["p99"] = times.P99, ["max"] = Math.Round(times.Max, 1), ["commits"] = times.Commits, ["reached_rate"] = times.ReachedRate,
        ["rows_looked_up"] = times.Checks,
    };

    private static JsonObject Of(NodeCost cost) => new()
    {
        ["peak_rss_mb"] = Math.Round(cost.PeakRssMb, 1), ["cpu_s"] = Math.Round(cost.CpuSeconds, 1), ["capture_s"] = cost.Stages.Capture, ["entities_s"] = cost.Stages.Entities,
        ["plan_s"] = cost.Stages.Plan, ["encoding_s"] = cost.Stages.Encoding, ["server_s"] = cost.Stages.Server, ["waiting_s"] = cost.Stages.Waiting,
    };
}
