using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>The two halves of the way through Kafka, each alone on the machine: PostgreSQL to topics, and topics to graph.</summary>
internal static class KafkaHalves
{
    /// <summary>Everything is written while nobody captures; the clock runs from the start of the capture's process until the broker has all of it.</summary>
    public static async Task<ScenarioResult> CaptureAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await using (var first = made.StartCapture())
        {
            await first.StreamAsync(stop);
            await first.StopAsync();
        }
        var rows = await WriteAsync("capture_alone", world, made);
        var end = await made.Tables.EndAsync();
        var started = Stopwatch.GetTimestamp();
        await using var capture = made.StartCapture();
        await capture.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await capture.CostAsync(stop);
        await capture.StopAsync();
        return new ScenarioResult("capture_alone", "inserts and updates from PostgreSQL into topics", rows, seconds, null, cost);
    }

    /// <summary>The topics hold everything; the clock runs from the start of the node that reads them until the graph does.</summary>
    public static async Task<ScenarioResult> ReadAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await using (var capture = made.StartCapture())
        {
            await capture.StreamAsync(stop);
            var rows = await WriteAsync("topics_alone", world, made);
            var end = await made.Tables.EndAsync();
            await capture.ReachAsync(end, stop);
            await capture.StopAsync();
            var started = Stopwatch.GetTimestamp();
            await using var node = made.StartReader();
            await node.ReachAsync(end, stop);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cost = await node.CostAsync(stop);
            await made.VerifyAsync(world.Data.Users, world.Data.Users, world.Data.FinalAges());
            await node.StopAsync();
            return new ScenarioResult("topics_alone", "topics that are full, into the graph", rows, seconds, rows / seconds / world.Limit!.All, cost);
        }
    }

    private static async Task<long> WriteAsync(string name, BenchWorld world, BenchCase made)
    {
        world.Say($"{name}: writing {3 * world.Data.Users} rows");
        await made.Tables.InsertUsersAsync(world.Data, 500);
        await made.Tables.InsertFollowsAsync(world.Data, 500);
        var updates = await made.Tables.UpdateUsersAsync(world.Data, 100);
        await made.Tables.RestAsync();
        return (2L * world.Data.Users) + updates;
    }
}
