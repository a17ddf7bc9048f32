using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Compare;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>A look at the live part of a demo.</summary>
/// <param name="Seconds">Since the live writes began.</param>
/// <param name="Limit">Seconds the live part lasts; null: until Ctrl-C.</param>
/// <param name="Written">Statements that were committed.</param>
/// <param name="Rates">Of the last second.</param>
/// <param name="Latency">From COMMIT returning to the watermark passing it; null before the first sample.</param>
internal sealed record DemoGlance(
    double Seconds, double? Limit, long Written, LiveRates Rates, PipelineStatus Pipeline, (double P50, double P99, int Samples)? Latency)
{
    /// <summary>What it goes through; null where it goes directly.</summary>
    public DemoTopics? Topics { get; init; }

    /// <summary>What captures into the topics.</summary>
    public PipelineStatus? Capture { get; init; }

    /// <summary>Why pipeline or capture is in the state it is in; null where there is nothing to say.</summary>
    public string? Reason => Pipeline.Reason ?? Capture?.Reason;
}

/// <summary>Topics that a demo made.</summary>
/// <param name="Names">What all their names are like.</param>
/// <param name="Count">With that of the cuts.</param>
internal sealed record DemoTopics(string Names, int Count);

/// <summary>Shows a demo: in a terminal with bars and a live view, elsewhere in plain lines.</summary>
internal interface IDemoView
{
    void Title(string text);

    void Say(string message);

    /// <summary>Shows that something is being done and then, in one line, what came of it and how long it took.</summary>
    /// <param name="result">What came of it.</param>
    Task<T> StepAsync<T>(string name, Func<Task<T>> work, Func<T, string> result);

    /// <summary>Shows the first copy until <paramref name="look"/> says that it is over.</summary>
    /// <param name="look">Rows copied so far, and whether the copy is done.</param>
    Task CopyingAsync(long totalRows, Func<Task<(long Rows, bool Done)>> look, CancellationToken stop);

    /// <summary>Commands for a person to type, each on one line that can be copied as it is.</summary>
    void ByHand(IReadOnlyList<(string What, string Command)> commands);

    /// <summary>Shows the live part until <paramref name="stop"/>.</summary>
    Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop);

    void Show(Verdict verdict, string watermark);
}
