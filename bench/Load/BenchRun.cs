using PolyglotSync.Bench.Limit;
using PolyglotSync.Bench.Report;
using PolyglotSync.Bench.Scenarios;
using PolyglotSync.Bench.Servers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Bench;

/// <summary>One run: servers, the limit, the scenarios asked for, the report.</summary>
internal sealed class BenchRun(BenchSettings settings, TextWriter output, TextWriter messages)
{
    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        var scenarios = ScenarioList.All.Where(s => settings.Only.Count == 0 ? settings.IsThroughKafka || !s.NeedsKafka : settings.Only.Contains(s.Name)).ToList();
        if (!settings.IsThroughKafka && scenarios.Find(s => s.NeedsKafka) is { } brokered)
            throw new PipelineFailure(FailureClass.Fatal, $"the scenario '{brokered.Name}' is one of Kafka: say --transport kafka too") { ExitCode = ExitCode.Usage };
        var needsLimit = scenarios.Exists(s => s.NeedsLimit);
        await using var servers = await BenchServers.StartAsync(settings);
        var world = new BenchWorld(settings, servers, new BenchData(settings.Users), text => messages.WriteLine($"bench: {text}"));
        if (settings.Only.Count == 0 || settings.Only.Contains(ScenarioList.Limit) || needsLimit)
        {
            world.Limit = await LimitRates.MeasureAsync(servers.Graph, world.Data, world.Say);
            world.Say($"limit: {world.Limit.All:N0} rows/s (users {world.Limit.Users:N0}, follows {world.Limit.Follows:N0}, updates {world.Limit.Updates:N0})");
        }
        if (needsLimit) await WarmUpAsync(world, stop);
        var failed = false;
        var results = new List<ScenarioResult>();
        foreach (var scenario in scenarios)
        {
            try
            {
                var result = await scenario.MeasureAsync(world, stop);
                results.Add(result);
                world.Say(BenchText.Line(result));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed = true;
                world.Say($"{scenario.Name}: FAILED: {e.Message}");
            }
        }
        var report = new BenchReport(settings, world.Limit, results);
        await output.WriteLineAsync(settings.Json ? BenchJson.Write(report) : BenchText.Write(report));
        return failed ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>The limit's statements are known to the server when its clock starts; the product's are others.</summary>
    private static Task WarmUpAsync(BenchWorld world, CancellationToken stop)
    {
        world.Say("catching up with a quarter of the data, to warm the graph up for the product too");
        return CatchUp.RunAsync(world with { Data = new BenchData(Math.Max(1, world.Data.Users / 4)), Say = _ => { } }, stop);
    }
}
