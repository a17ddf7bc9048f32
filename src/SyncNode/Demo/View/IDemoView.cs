using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>A look at the live part of a demo.</summary>
/// <param name="Seconds">Since the live writes began.</param>
/// <param name="WrittenPerSecond">Statements committed a second, over the last second.</param>
/// <param name="Latency">From COMMIT returning to the watermark passing it; null before the first sample.</param>
internal sealed record DemoGlance(double Seconds, double? SecondsToGo, double WrittenPerSecond, long Written, PipelineStatus Pipeline, (double P50, double P99, int Samples)? Latency);

/// <summary>Shows a demo: in a terminal with bars and a live table, elsewhere in plain lines.</summary>
internal interface IDemoView
{
    void Say(string message);

    /// <summary>Shows the first copy until <paramref name="look"/> says that it is over.</summary>
    /// <param name="look">Rows copied so far, and whether the copy is done.</param>
    Task CopyingAsync(long totalRows, Func<Task<(long Rows, bool Done)>> look, CancellationToken stop);

    /// <summary>Shows the live part until <paramref name="stop"/>; looks about once a second, more often in a terminal.</summary>
    Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop);
}
