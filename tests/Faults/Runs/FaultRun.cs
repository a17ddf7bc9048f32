using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Plans;
using PolyglotSync.Faults.Watching;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Runs;

/// <summary>One plan carried out: load and faults, then everything must be right.</summary>
public sealed class FaultRun(FaultServers servers, FaultPlan plan)
{
    private static readonly TimeSpan HealWithin = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan RefreshWithin = TimeSpan.FromSeconds(30);

    private readonly List<string> _wrong = [];
    private readonly StringBuilder _times = new();

    /// <summary>What the run measured, for the line of its report.</summary>
    public string Measured { get; private set; } = "";

    /// <returns>What was wrong; empty where all was right.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var world = await FaultWorld.NewAsync(servers, plan.Target, plan.Consistency, plan.Limits, plan.Capture);
        try
        {
            await RunAsync(world);
        }
        catch (Exception e) when (e is not SkipException)
        {
            _wrong.Add($"the run itself failed: {e}");
        }
        finally
        {
            // a server that did not come back must not hide what it did
            await TryAsync("cleaning up", () => world.DisposeAsync().AsTask());
        }
        return _wrong;
    }

    private async Task RunAsync(FaultWorld world)
    {
        await LoadSchema.MakeAsync(world);
        world.Start(plan.FirstFailpoint);
        await using var watermarks = new WatermarkWatch(world);
        await using var sums = plan is { Target: GraphKind.Neo4j, Consistency: Consistency.Transactional } ? new SumWatch(world) : null;
        int transactions;
        await using (var load = new RandomLoad(world, plan.Seed))
        {
            await InflictAsync(world);
            await load.DisposeAsync();
            transactions = load.Transactions;
        }
        await watermarks.StopTicksAsync();
        var healing = Stopwatch.StartNew();
        await TryAsync("the graph catches up and equals the tables", () => AgreesAsync(world));
        var healed = healing.Elapsed;
        await TryAsync("the watermark passes what was committed", () => watermarks.UntilPassedAsync(RefreshWithin));
        if (sums is not null) await sums.DisposeAsync();
        await watermarks.DisposeAsync();
        _wrong.AddRange(world.Failures);
        _wrong.AddRange(watermarks.Lies);
        if (watermarks.Checks == 0) _wrong.Add("no watermark was ever held against the graph");
        if (sums is { Wrong.Count: > 0 }) _wrong.Add($"a reader saw half of a source transaction: sums {string.Join(", ", sums.Wrong.Distinct().Take(5))} in the place of {LoadSchema.Sum}");
        if (sums is { Reads: 0 }) _wrong.Add("the balances were never added up");
        var memoryLimit = world.MemoryLimitMb;
        if (world.PeakMemoryMb > memoryLimit) _wrong.Add($"the node{(plan.Capture is null ? "" : " and the capture")} took {world.PeakMemoryMb:0} MB, more than {memoryLimit:0}");
        Measured = string.Create(CultureInfo.InvariantCulture, $"{transactions} transactions, {watermarks.Checks} watermarks{(sums is null ? "" : $", {sums.Reads} sums")}, {world.PeakMemoryMb:0} MB, right after {healed.TotalSeconds:0} s");
        if (_wrong.Count > 0) _wrong.Add($"times:\n{_times}The nodes said:\n{NodeKeeper.Tail(world.Said)}");
    }

    private async Task InflictAsync(FaultWorld world)
    {
        var clock = Stopwatch.StartNew();
        if (plan.FirstFailpoint is { } place)
        {
            var keeper = world.KeeperAt(place);
            await TryAsync("the first failpoint", async () =>
            {
                await EndsAsync(keeper, TimeSpan.FromSeconds(8));
                await keeper.KillAsync();
                keeper.Start();
            });
            Note(clock, $"the first {(keeper == world.Node ? "node" : "capture")} is replaced");
        }
        foreach (var planned in plan.Faults)
        {
            var wait = planned.At - clock.Elapsed;
            if (wait > TimeSpan.Zero) await Faults.Fault.ForAsync((int)wait.TotalMilliseconds);
            Note(clock, planned.Fault.Description);
            await TryAsync(planned.Fault.Description, () => planned.Fault.RunAsync(world));
            Note(clock, "  healed");
        }
        var rest = plan.Length - clock.Elapsed;
        if (rest > TimeSpan.Zero) await Faults.Fault.ForAsync((int)rest.TotalMilliseconds);
    }

    private static async Task EndsAsync(NodeKeeper keeper, TimeSpan within)
    {
        try
        {
            await Eventually.AsyncTrue(() => Task.FromResult(keeper.Current.HasExited), within);
        }
        catch (TimeoutException)
        {
            // the place was not reached so often
        }
    }

    private async Task AgreesAsync(FaultWorld world)
    {
        var lsn = await world.CaughtUpAsync(HealWithin);
        var differences = await world.DifferencesAsync();
        if (differences.Count > 0 && plan.ChangesColumns)
        {
            // A column may have come just before the end: it is noticed by the next look at the catalog, and the table's rows are read again beside the stream.
            await Eventually.AsyncTrue(async () => (differences = await world.DifferencesAsync()).Count == 0, RefreshWithin, "the rows of a table with a new column are read again",
                () => PictureDiff.Describe(differences));
        }
        if (differences.Count > 0) _wrong.Add(PictureDiff.Describe(differences));
        var status = (await world.Node.Current.Api.StatusAsync(FaultWorld.Pipeline))!.Pipeline;
        if (status.DeadLetters > 0) _wrong.Add($"{status.DeadLetters} dead letters: {await world.ScalarAsync<string>("select string_agg(t::text, E'\\n') from (select * from polysync.dead_letters limit 3) t")}");
        await world.SlotPassesAsync(lsn);
    }

    private void Note(Stopwatch clock, string what) => _times.AppendLine(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds,6:0.00} s {what}");

    private async Task TryAsync(string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not SkipException)
        {
            _wrong.Add($"{what}: {e.GetType().Name}: {e.Message}");
        }
    }
}
