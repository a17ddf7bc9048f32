using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>Everything is written while the node is stopped; the clock runs from the start of its process until the graph holds all.</summary>
internal static class CatchUp
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: true, stop);
        world.Say($"catch_up: writing {3 * world.Data.Users} rows while the node is stopped");
        await made.Tables.InsertUsersAsync(world.Data, 500);
        await made.Tables.InsertFollowsAsync(world.Data, 500);
        var updates = await made.Tables.UpdateUsersAsync(world.Data, 100);
        await made.Tables.RestAsync();
        var end = await made.Tables.EndAsync();
        world.Say("catch_up: the node starts");
        var started = Stopwatch.GetTimestamp();
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        var ready = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync(world.Data.Users, world.Data.Users, world.Data.FinalAges());
        await node.StopAsync();
        long rows = (2L * world.Data.Users) + updates;
        return new ScenarioResult("catch_up", "inserts and updates made while the node was stopped", rows, seconds, rows / seconds / world.Limit!.All, cost)
        {
            More = new Dictionary<string, double> { ["ready_s"] = ready },
        };
    }
}
