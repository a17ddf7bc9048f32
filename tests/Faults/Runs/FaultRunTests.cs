using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Faults.Plans;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Runs;

/// <summary>
/// Random runs with random faults. POLYSYNC_FAULT_SEED is the first seed, POLYSYNC_FAULT_RUNS how many follow one another, POLYSYNC_FAULT_SECONDS how long each one's load lasts (20); POLYSYNC_FAULT_TRANSPORT (direct,
/// kafka) is the way that changes take, and POLYSYNC_FAULT_TARGET (neo4j, falkor) passes over the seeds whose turn is the other's. Where nothing is asked for: one run without a broker and one through one, with
/// seeds that are quick and meet both consistencies.
/// </summary>
[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FaultRunTests(FaultServers servers)
{
    private static readonly (int Seed, int Runs) Direct = (45, 1);
    private static readonly (int Seed, int Runs) Kafka = (38, 1);

    public static TheoryData<int, string> Seeds
    {
        get
        {
            var seeds = new TheoryData<int, string>();
            var transport = Text("POLYSYNC_FAULT_TRANSPORT");
            var isPlain = transport is null && Text("POLYSYNC_FAULT_SEED") is null && Text("POLYSYNC_FAULT_RUNS") is null;
            if (transport is null or "direct") Add("direct", Direct);
            if (transport is "kafka" || isPlain) Add("kafka", Kafka);
            return seeds;

            void Add(string way, (int Seed, int Runs) otherwise)
            {
                foreach (var seed in Enumerable.Range(Number("POLYSYNC_FAULT_SEED", otherwise.Seed), Number("POLYSYNC_FAULT_RUNS", otherwise.Runs)))
                    if (Text("POLYSYNC_FAULT_TARGET") is not { } asked || FaultPlan.TargetOf(seed).ToString().Equals(asked, StringComparison.OrdinalIgnoreCase)) seeds.Add(seed, way);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_the_graph_is_right_in_the_end_and_never_says_more_than_it_holds(int seed, string transport)
    {
        var plan = FaultPlan.Of(seed, TimeSpan.FromSeconds(Number("POLYSYNC_FAULT_SECONDS", 20)), throughKafka: transport == "kafka");
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

    private static string? Text(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;

    private static int Number(string variable, int otherwise) => int.TryParse(Text(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
