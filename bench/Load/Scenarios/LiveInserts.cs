using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>Inserts while the node runs, by one writer as fast as it can: what is left to write after the writer's end shows whether the node keeps up.</summary>
internal static class LiveInserts
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        world.Say($"live_inserts: writing {2 * world.Data.Users} rows while the node runs");
        var started = Stopwatch.GetTimestamp();
        await made.Tables.InsertUsersAsync(world.Data, 500);
        await made.Tables.InsertFollowsAsync(world.Data, 500);
        var end = await made.Tables.EndAsync();
        var written = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        var rows = 2 * world.Data.Users;
        return new ScenarioResult("live_inserts", "inserts while the node runs", rows, seconds, rows / seconds / world.Limit!.Inserts, cost)
        {
            More = new Dictionary<string, double> { ["writer_rows_per_s"] = rows / written, ["behind_writer_s"] = seconds - written },
        };
    }
}
