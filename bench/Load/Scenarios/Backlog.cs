using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>The target stops, two million rows are written, the target comes back: the node's memory must not grow with what waits.</summary>
internal static class Backlog
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await made.Tables.InsertUsersAsync(world.Data, 500);
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        await world.Servers.StopGraphAsync();
        var rows = world.Settings.Scaled(2_000_000);
        world.Say($"backlog: {rows} updates while the target is stopped");
        var changed = 0L;
        var written = Stopwatch.StartNew();
        for (var at = 0; changed < rows; at += 500)
        {
            var from = (at % world.Data.Users) + 1;
            await made.Tables.ExecuteAsync($"UPDATE users SET age = age + 1 WHERE id BETWEEN {from} AND {from + 499}");
            changed += Math.Min(500, world.Data.Users - from + 1);
        }
        var end = await made.Tables.EndAsync();
        written.Stop();
        var before = node.PeakMegabytes;
        world.Say("backlog: the target comes back");
        var started = Stopwatch.GetTimestamp();
        await world.Servers.StartGraphAsync();
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        return new ScenarioResult("backlog", "updates made while the target was stopped, from its start", changed, seconds, null, cost)
        {
            More = new Dictionary<string, double> { ["peak_rss_mb_while_stopped"] = before, ["outage_s"] = written.Elapsed.TotalSeconds },
        };
    }
}
