using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>One source transaction of very many rows while the node runs. Past <c>limits.max_source_transaction_rows</c> it is applied in parts.</summary>
internal static class LargeTransaction
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, string name, int rows, CancellationToken stop)
    {
        rows = world.Settings.Scaled(rows);
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        world.Say($"{name}: one transaction of {rows} rows");
        await made.Tables.InsertUsersAsync(1, rows);
        var end = await made.Tables.EndAsync();
        var started = Stopwatch.GetTimestamp();
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        return new ScenarioResult(name, "one transaction, from its commit", rows, seconds, world.Limit is { } limit ? rows / seconds / limit.Users : null, cost);
    }
}
