using System.Globalization;
using PolyglotSync.Faults.Plans;

namespace PolyglotSync.Faults.Runs;

/// <summary>One line a run, in the file that POLYSYNC_FAULT_REPORT names; who prints it is up to whoever named it.</summary>
internal static class RunReport
{
    private static readonly string? Path = Environment.GetEnvironmentVariable("POLYSYNC_FAULT_REPORT");

    public static void Add(FaultPlan plan, string result, double seconds, string measured)
    {
        if (string.IsNullOrEmpty(Path)) return;
        File.AppendAllText(Path, string.Create(CultureInfo.InvariantCulture,
            $"seed {plan.Seed,-6} {plan.Target,-6} {plan.Consistency.ToString().ToLowerInvariant(),-13}{plan.Way} {result,-7} {seconds,5:0.0} s  {measured}; {plan.Summary}\n"));
    }
}
