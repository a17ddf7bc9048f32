using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>Tables that are full before the node has ever run; the clock runs from the start of its process.</summary>
internal static class FirstCopy
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        world.Say($"first_copy: writing {2 * world.Data.Users} rows before the node has ever run");
        await made.Tables.InsertUsersAsync(world.Data, 500);
        await made.Tables.InsertFollowsAsync(world.Data, 500);
        await made.Tables.RestAsync();
        world.Say("first_copy: the node starts");
        var started = Stopwatch.GetTimestamp();
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        var rows = 2 * world.Data.Users;
        return new ScenarioResult("first_copy", "full tables, the node's first start", rows, seconds, rows / seconds / world.Limit!.Inserts, cost);
    }
}
