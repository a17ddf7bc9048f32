using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;

namespace PolyglotSync.Bench.Micro;

/// <summary>What was measured, one line a benchmark, everything by the row.</summary>
internal static class StageTable
{
    public static bool IsBenchmark(MethodInfo method) => method.GetCustomAttribute<BenchmarkAttribute>() is not null;

    /// <returns>False where a benchmark failed, or none ran.</returns>
    public static bool Print(TextWriter output, IReadOnlyList<Summary> summaries)
    {
        var reports = summaries.SelectMany(s => s.Reports).ToList();
        output.WriteLine("| stage | rows | ns/row | rows/s | bytes/row |");
        output.WriteLine("|---|---|---:|---:|---:|");
        foreach (var report in reports.Where(r => r.ResultStatistics is not null)) output.WriteLine(Line(report));
        foreach (var error in summaries.SelectMany(s => s.ValidationErrors).Select(e => e.Message).Distinct()) output.WriteLine(error);
        var failed = reports.Where(r => r.ResultStatistics is null).Select(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name).ToList();
        foreach (var name in failed) output.WriteLine($"{name}: failed");
        return failed.Count == 0 && reports.Count > 0;
    }

    private static string Line(BenchmarkReport report)
    {
        var descriptor = report.BenchmarkCase.Descriptor;
        var nanoseconds = report.ResultStatistics!.Mean;
        var bytes = (double)(report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: true) ?? 0) / report.GcStats.TotalOperations;
        var parts = descriptor.WorkloadMethodDisplayInfo.Trim('\'').Split(": ", 2);
        return string.Create(CultureInfo.InvariantCulture, $"| {parts[0]} | {parts[^1]} | {nanoseconds:N0} | {1e9 / nanoseconds:N0} | {bytes:N1} |");
    }
}
