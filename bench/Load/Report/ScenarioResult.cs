namespace PolyglotSync.Bench.Report;

/// <summary>What one scenario measured.</summary>
/// <param name="Rows">Source rows changed.</param>
/// <param name="Seconds">From the clock's start to the watermark that holds them all.</param>
/// <param name="Ratio">To the limit of the same run; null where there is none to compare with.</param>
internal sealed record ScenarioResult(string Name, string What, long Rows, double Seconds, double? Ratio, NodeCost Node)
{
    public double RowsPerSecond => Rows / Seconds;

    /// <summary>Commit-to-visible milliseconds; null where rows were not timed one by one.</summary>
    public LatencyResult? Latency { get; init; }

    /// <summary>Further figures, by name.</summary>
    public IReadOnlyDictionary<string, double> More { get; init; } = new Dictionary<string, double>();

    /// <summary>The faster of two runs, with the rate of the other, and the peak memory of both.</summary>
    public static ScenarioResult Better(ScenarioResult one, ScenarioResult two)
    {
        var (better, other) = one.RowsPerSecond >= two.RowsPerSecond ? (one, two) : (two, one);
        var more = new Dictionary<string, double>(better.More) { ["other_run_rows_per_s"] = Math.Round(other.RowsPerSecond) };
        if (other.Ratio is { } ratio) more["other_run_ratio"] = ratio;
        return better with { Node = better.Node with { PeakRssMb = Math.Max(one.Node.PeakRssMb, two.Node.PeakRssMb) }, More = more };
    }
}

/// <param name="Commits">Timed.</param>
/// <param name="Rate">Commits a second asked for.</param>
/// <param name="ReachedRate">Commits a second made.</param>
/// <param name="Checks">Rows that a reader of the graph looked up after they were said to be visible; all were there.</param>
internal sealed record LatencyResult(int Rate, double ReachedRate, int Commits, double P50, double P95, double P99, double Max, int Checks)
{
    /// <summary>When commits waited for long, longest first.</summary>
    public IReadOnlyList<Stall> Stalls { get; init; } = [];
}

/// <param name="At">Seconds since the load began.</param>
/// <param name="Milliseconds">What the oldest commit waited.</param>
internal sealed record Stall(double At, double Milliseconds);
