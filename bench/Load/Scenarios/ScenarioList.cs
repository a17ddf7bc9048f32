using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>A scenario by name.</summary>
/// <param name="NeedsLimit">True where its figure is a ratio.</param>
internal sealed record Scenario(string Name, bool NeedsLimit, Func<BenchWorld, CancellationToken, Task<ScenarioResult>> RunAsync)
{
    /// <summary>True where it is about one half of the way through Kafka.</summary>
    public bool NeedsKafka { get; init; }

    /// <summary>What is a ratio to the limit is measured as the limit is: twice, and the better run counts. Of memory the worse one does.</summary>
    public async Task<ScenarioResult> MeasureAsync(BenchWorld world, CancellationToken stop)
    {
        var first = await RunAsync(world, stop);
        if (!NeedsLimit) return first;
        world.Say($"{BenchText.Line(first)}; once more");
        return ScenarioResult.Better(first, await RunAsync(world, stop));
    }
}

internal static class ScenarioList
{
    public const string Limit = "limit";

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("catch_up", true, CatchUp.RunAsync),
        new("first_copy", true, FirstCopy.RunAsync),
        new("live_inserts", true, LiveInserts.RunAsync),
        new("hot_keys", true, HotKeys.RunAsync),
        new("latency_200", false, (world, stop) => Latency.RunAsync(world, 200, 1, stop)),
        new("latency_1000", false, (world, stop) => Latency.RunAsync(world, 1_000, 4, stop)),
        new("transaction_100k", false, (world, stop) => LargeTransaction.RunAsync(world, "transaction_100k", 100_000, stop)),
        new("backlog", false, Backlog.RunAsync),
        new("transaction_5m", false, (world, stop) => LargeTransaction.RunAsync(world, "transaction_5m", 5_000_000, stop)),
        new("large_graph", false, LargeGraph.RunAsync),
        new("capture_alone", false, KafkaHalves.CaptureAsync) { NeedsKafka = true },
        new("topics_alone", true, KafkaHalves.ReadAsync) { NeedsKafka = true },
    ];

    public static IEnumerable<string> Names => [Limit, .. All.Select(s => s.Name)];
}
