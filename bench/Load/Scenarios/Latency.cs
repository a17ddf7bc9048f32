using System.Collections.Concurrent;
using System.Diagnostics;
using PolyglotSync.Bench.Report;
using PolyglotSync.Bench.Servers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>
/// Updates at a steady rate, each a transaction. A commit's time runs from the moment its COMMIT has returned until the node says, over its API, that the graph has committed
/// what holds it; the question is asked again at once, so a figure is at most one answer's way too long. Beside it a reader asks the graph itself for rows that are said to be there.
/// </summary>
internal static class Latency
{
    private const int Users = 10_000;

    /// <summary>Servers and node are warm before the figures count: a Neo4j that has just started, as where this is measured alone, takes 26 ms for a write eight seconds after the first, 6 after twenty.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public static async Task<ScenarioResult> RunAsync(BenchWorld world, int rate, int writers, CancellationToken stop)
    {
        var name = $"latency_{rate}";
        await using var made = await world.FreshAsync(slotFirst: false, stop);
        await made.Tables.InsertUsersAsync(1, Users);
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        world.Say($"{name}: {rate} updates a second, each a transaction");
        await MeasureAsync(world, made, node, rate, writers, world.Settings.Scaled(WarmUp), stop);
        var cpu = node.CpuSeconds;
        var length = world.Settings.Scaled(TimeSpan.FromSeconds(30));
        var latency = await MeasureAsync(world, made, node, rate, writers, length, stop);
        var used = node.CpuSeconds - cpu;
        await made.Tables.ExecuteAsync("UPDATE users SET age = age WHERE id = 1");
        await node.ReachAsync(await made.Tables.EndAsync(), stop);
        var cost = await node.CostAsync(stop);
        await made.VerifyAsync();
        await node.StopAsync();
        return new ScenarioResult(name, $"{rate} commits a second", latency.Commits, length.TotalSeconds, null, cost)
        {
            Latency = latency, More = new Dictionary<string, double> { ["node_cpu_share"] = used / length.TotalSeconds },
        };
    }

    private static async Task<LatencyResult> MeasureAsync(BenchWorld world, BenchCase made, NodeUnderLoad node, int rate, int writers, TimeSpan length, CancellationToken stop)
    {
        var commits = new ConcurrentQueue<Commit>();
        var visible = new ConcurrentQueue<Commit>();
        var started = Stopwatch.GetTimestamp();
        using var written = new CancellationTokenSource();
        var watch = new WatermarkWatch(node, commits, visible);
        var watching = Task.Run(() => watch.RunAsync(written.Token, stop), stop);
        var checking = Task.Run(() => CheckAsync(world, visible, written.Token), stop);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(() => WriteAsync(made, w, writers, rate / (double)writers, length, commits), stop)));
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await written.CancelAsync();
        // an update that no commit follows: the log's end may lie behind the last commit's, and only a commit takes the watermark past it
        await made.Tables.ExecuteAsync("UPDATE users SET age = age WHERE id = 1");
        var times = await watching;
        times.Sort();
        return new LatencyResult(rate, Math.Round(times.Count / took, 1), times.Count, At(times, 0.5), At(times, 0.95), At(times, 0.99), times[^1], await checking) { Stalls = watch.Stalls };
    }

    /// <summary>Commits on a schedule that does not wait for the graph; one that is late is made at once.</summary>
    private static async Task WriteAsync(BenchCase made, int writer, int writers, double rate, TimeSpan length, ConcurrentQueue<Commit> commits)
    {
        await using var tables = await SourceTables.OpenAsync(made.Dsn);
        var update = await tables.PrepareAsync("UPDATE users SET age = $2 WHERE id = $1");
        var end = await tables.PrepareAsync("SELECT pg_current_wal_lsn()::text");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            if (due >= length) return;
            await Pace.UntilAsync(started, due);
            var id = (((i * writers) + writer) % Users) + 1;
            await update(id, i);
            var at = Stopwatch.GetTimestamp();
            commits.Enqueue(new Commit(at, Lsn.Parse((string)(await end(null, null))!), id, i));
        }
    }

    /// <summary>Asks the graph for rows that are said to be visible: each must be there as it was written, or newer.</summary>
    private static async Task<int> CheckAsync(BenchWorld world, ConcurrentQueue<Commit> visible, CancellationToken stop)
    {
        var checks = 0;
        while (!stop.IsCancellationRequested)
        {
            Commit? newest = null;
            while (visible.TryDequeue(out var commit)) newest = commit;
            if (newest is { } said)
            {
                var age = await world.Servers.Graph.AgeAsync(said.Id);
                if (age is null || age < said.Age) throw new InvalidOperationException($"user {said.Id} was said to be visible with age {said.Age}, but the graph holds {age?.ToString() ?? "no such user"}");
                checks++;
            }
            await Task.Delay(100, CancellationToken.None);
        }
        return checks;
    }

    private static double At(List<double> sorted, double quantile) => Math.Round(sorted[(int)Math.Min(sorted.Count - 1, quantile * sorted.Count)], 2);
}

/// <param name="At">When COMMIT had returned (<see cref="Stopwatch"/>).</param>
/// <param name="Lsn">The log's end just after it: at or after the commit's own.</param>
internal readonly record struct Commit(long At, Lsn Lsn, int Id, int Age);
