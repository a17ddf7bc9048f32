using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Faults.Plans;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Runs;

/// <summary>
/// Random runs with random faults. POLYSYNC_FAULT_SEED is the first seed (45: it and the next two are quick and meet both graphs and both consistencies), POLYSYNC_FAULT_RUNS how many
/// follow one another (3), POLYSYNC_FAULT_SECONDS how long each one's load lasts (20); POLYSYNC_FAULT_TARGET (neo4j, falkor) passes over the seeds whose turn is the other's.
/// </summary>
[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FaultRunTests(FaultServers servers)
{
    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(Number("POLYSYNC_FAULT_SEED", 45), Number("POLYSYNC_FAULT_RUNS", 3)).Where(seed => IsAsked(FaultPlan.TargetOf(seed).ToString()))];

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_the_graph_is_right_in_the_end_and_never_says_more_than_it_holds(int seed)
    {
        var plan = FaultPlan.Of(seed, TimeSpan.FromSeconds(Number("POLYSYNC_FAULT_SECONDS", 20)));
        var run = new FaultRun(servers, plan);
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string> wrong;
        try
        {
            wrong = await run.RunAsync();
        }
        catch (SkipException e)
        {
            RunReport.Add(plan, "skipped", clock.Elapsed.TotalSeconds, e.Message);
            throw;
        }
        catch (Exception e)
        {
            wrong = [$"the run itself failed: {e}"];
        }
        RunReport.Add(plan, wrong.Count == 0 ? "passed" : "FAILED", clock.Elapsed.TotalSeconds, run.Measured);
        if (wrong.Count == 0) return;
        await servers.DiscardAsync();
        Assert.Fail($"{plan}\n{string.Join('\n', wrong)}");
    }

    private static bool IsAsked(string target) =>
        Environment.GetEnvironmentVariable("POLYSYNC_FAULT_TARGET") is not { Length: > 0 } asked || target.Equals(asked, StringComparison.OrdinalIgnoreCase);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
