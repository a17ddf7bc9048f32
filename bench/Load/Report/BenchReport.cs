using System.Reflection;
using Neo4j.Driver;
using PolyglotSync.Bench.Limit;

namespace PolyglotSync.Bench.Report;

/// <summary>Everything that one run measured.</summary>
internal sealed record BenchReport(BenchSettings Settings, LimitRates? Limit, IReadOnlyList<ScenarioResult> Results)
{
    /// <summary>What the program was built on: a stand-in says of itself whose it is.</summary>
    public static string Packages =>
        typeof(IDriver).Assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company.Contains("PolyglotSync", StringComparison.Ordinal) == true ? "stand-ins" : "real";

    public string Target => Settings.Target is { } given ? given.ToString() : Settings.Kind == TargetKind.Neo4j ? "neo4j" : "falkordb";

    public ScenarioResult? Of(string name) => Results.FirstOrDefault(r => r.Name == name);
}
