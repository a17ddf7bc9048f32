using System.Diagnostics;
using PolyglotSync.Bench.Report;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>
/// The same updates of random users in a graph of 200,000 users and in one of five million, made while the node is stopped. The cost of a row must not grow with the graph.
/// </summary>
internal static class LargeGraph
{
    public static async Task<ScenarioResult> RunAsync(BenchWorld world, CancellationToken stop)
    {
        var (small, _) = await UpdateAsync(world, world.Data.Users, stop);
        var users = world.Settings.Scaled(5_000_000);
        var (result, copy) = await UpdateAsync(world, users, stop);
        return result with
        {
            More = new Dictionary<string, double>
            {
                ["users"] = users, ["small_graph_rows_per_s"] = small.RowsPerSecond, ["cost_of_a_row_to_small_graph"] = small.RowsPerSecond / result.RowsPerSecond,
                ["copy_rows_per_s"] = users / copy,
            },
        };
    }

    private static async Task<(ScenarioResult Result, double CopySeconds)> UpdateAsync(BenchWorld world, int users, CancellationToken stop)
    {
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await made.Tables.InsertUsersAsync(1, users);
        world.Say($"large_graph: first copy of {users} users");
        var started = Stopwatch.GetTimestamp();
        await using (var first = made.StartNode())
        {
            await first.StreamAsync(stop);
            await first.StopAsync();
        }
        var copied = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var random = new Random(4711);
        var rows = world.Data.Users / 100 * 100;
        world.Say($"large_graph: {rows} updates of random users among {users}");
        for (var i = 0; i < rows / 100; i++)
        {
            var ids = new HashSet<int>();
            while (ids.Count < 100) ids.Add(random.Next(users) + 1);
            await made.Tables.ExecuteAsync("UPDATE users SET age = age + 1 WHERE id = ANY($1)", [.. ids]);
        }
        await made.Tables.RestAsync();
        var end = await made.Tables.EndAsync();
        started = Stopwatch.GetTimestamp();
        await using var node = made.StartNode();
        await node.ReachAsync(end, stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        return (new ScenarioResult("large_graph", $"updates of random users among {users}", rows, seconds, world.Limit is { } limit ? rows / seconds / limit.Updates : null, cost), copied);
    }
}
