using System.Diagnostics;
using PolyglotSync.Bench.Scenarios;

namespace PolyglotSync.Bench.Limit;

/// <summary>What the graph takes from memory, rows a second.</summary>
internal sealed record LimitRates(int Rows, double UsersSeconds, double FollowsSeconds, double UpdatesSeconds)
{
    public double All => 3 * Rows / (UsersSeconds + FollowsSeconds + UpdatesSeconds);

    /// <summary>Users and follows: what a first copy writes.</summary>
    public double Inserts => 2 * Rows / (UsersSeconds + FollowsSeconds);

    public double Users => Rows / UsersSeconds;

    public double Follows => Rows / FollowsSeconds;

    public double Updates => Rows / UpdatesSeconds;

    /// <summary>Writes everything to warm the server up, then twice more, and takes the better of the two.</summary>
    public static async Task<LimitRates> MeasureAsync(IBenchGraph graph, BenchData data, Action<string> say)
    {
        say("limit: warming the graph up");
        await OnceAsync(graph, data);
        LimitRates? best = null;
        for (var i = 0; i < 2; i++)
        {
            say($"limit: {3 * data.Users} rows from memory");
            var rates = await OnceAsync(graph, data);
            if (best is null || rates.All > best.All) best = rates;
        }
        return best!;
    }

    private static async Task<LimitRates> OnceAsync(IBenchGraph graph, BenchData data)
    {
        await graph.WipeAsync();
        await graph.PrepareAsync();
        var users = await TimedAsync(graph.BatchRows, 1, data.Users, graph.CreateUsersAsync);
        var follows = await TimedAsync(graph.BatchRows, 0, data.Users - 1, (from, to) => graph.CreateFollowsAsync(data, from, to));
        var updates = await TimedAsync(graph.BatchRows, 0, data.Users - 1, (from, to) => graph.UpdateUsersAsync(data, from, to));
        var found = await graph.CountAsync();
        if (found != (data.Users, data.Users, data.FinalAges())) throw new InvalidOperationException($"the limit wrote something else than it should: {found}");
        return new LimitRates(data.Users, users, follows, updates);
    }

    private static async Task<double> TimedAsync(int batch, int first, int last, Func<int, int, Task> write)
    {
        var started = Stopwatch.GetTimestamp();
        for (var from = first; from <= last; from += batch) await write(from, Math.Min(last, from + batch - 1));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
