using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>Many updates of few users, made while the node is stopped: coalescing makes one write of the updates of a row in one graph transaction.</summary>
internal static class HotKeys
{
    private const int Hot = 1_000;
    private const int Each = 100;

    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await made.Tables.InsertUsersAsync(1, Hot);
        await using (var first = made.StartNode())
        {
            await first.StreamAsync(stop);
            await first.StopAsync();
        }
        var rows = world.Data.Users / Each * Each;
        world.Say($"hot_keys: {rows} updates of {Hot} users while the node is stopped");
        for (var i = 0; i < rows / Each; i++)
        {
            var from = (i * Each % Hot) + 1;
            await made.Tables.ExecuteAsync($"UPDATE users SET age = age + 1 WHERE id BETWEEN {from} AND {from + Each - 1}");
        }
        await made.Tables.RestAsync();
        var end = await made.Tables.EndAsync();
        var started = Stopwatch.GetTimestamp();
        await using var node = made.StartNode();
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        return new ScenarioResult("hot_keys", $"updates of {Hot} users made while the node was stopped", rows, seconds, rows / seconds / world.Limit!.Updates, cost);
    }
}
