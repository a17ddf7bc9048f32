using System.Diagnostics;

namespace PolyglotSync.SyncNode.Api.Metrics;

/// <summary>The process itself, under the names that Prometheus' own clients use.</summary>
internal static class ProcessMetrics
{
    private static readonly string Version = typeof(ProcessMetrics).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static IReadOnlyList<Metric> Read()
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            new("polysync_build_info", MetricKind.Gauge, "1; the version is its label.", [new Sample(1, ("version", Version))]),
            new("process_resident_memory_bytes", MetricKind.Gauge, "Resident memory of the process.", [new Sample(process.WorkingSet64)]),
            new("process_cpu_seconds_total", MetricKind.Counter, "CPU time of the process, user and system.", [new Sample(process.TotalProcessorTime.TotalSeconds)]),
            new("process_start_time_seconds", MetricKind.Gauge, "Unix time at which the process began.",
                [new Sample(new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0)]),
        ];
    }
}
