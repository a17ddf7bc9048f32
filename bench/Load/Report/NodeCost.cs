using PolyglotSync.Contracts;

namespace PolyglotSync.Bench.Report;

/// <summary>What a node took from its start to the end of a scenario.</summary>
internal sealed record NodeCost(double PeakRssMb, double CpuSeconds, StageTimes Stages);
