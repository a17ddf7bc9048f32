using System.CommandLine;
using PolyglotSync.Bench.Scenarios;
using PolyglotSync.Contracts;

namespace PolyglotSync.Bench;

/// <summary><c>polysync bench</c>: the product beside the limit, on the same data and servers.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var source = new Option<string?>("--source") { Description = "PostgreSQL to make databases in, as an Npgsql connection string of a superuser (default: a server of its own)", HelpName = "DSN" };
        var target = new Option<string>("--target")
        {
            Description = "neo4j (default) or falkordb: a server of its own; or the address of an EMPTY graph, which is emptied between scenarios", HelpName = "TARGET",
            DefaultValueFactory = _ => "neo4j",
        };
        var only = new Option<string[]>("--only")
        {
            Description = $"scenarios to run; may be repeated: {string.Join(", ", ScenarioList.Names)} (default: all; limit always runs where a ratio needs it)",
            HelpName = "NAME", AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. ScenarioList.Names]);
        var scale = new Option<double>("--scale") { Description = "of rows and seconds: 0.1 is a tenth (default: 1)", HelpName = "FACTOR", DefaultValueFactory = _ => 1 };
        scale.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0.01 and <= 100)) result.AddError("--scale takes 0.01 to 100");
        });
        var consistency = new Option<Consistency>("--consistency") { Description = "transactional (default) or parallel", HelpName = "transactional|parallel" };
        var limits = new Option<string?>("--limits") { Description = "the node's limits as in a manifest, to try others: 'batch_rows: 5000, max_transaction_rows: 50000'", HelpName = "YAML" };
        var transport = new Option<string>("--transport")
        {
            Description = "direct (default), or kafka: every change goes through topics of 4 partitions; with it come two scenarios of its halves", HelpName = "direct|kafka",
            DefaultValueFactory = _ => "direct",
        };
        transport.AcceptOnlyFromAmong("direct", "kafka");
        var kafka = new Option<string?>("--kafka") { Description = "a broker to make topics in, which stay (default: one of its own)", HelpName = "HOST:PORT" };
        var output = new Option<string>("--output", "-o") { Description = "table (default) or json", HelpName = "table|json", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var root = new Command("bench", "measure the limit of the graph and how near the product comes to it") { source, target, only, scale, consistency, limits, transport, kafka, output, new System.CommandLine.Help.HelpOption() };
        root.SetAction(async (parsed, stop) =>
        {
            var (kind, address) = Read(parsed.GetRequiredValue(target));
            var settings = new BenchSettings(parsed.GetValue(source), address, kind, parsed.GetValue(only) ?? [], parsed.GetValue(scale), parsed.GetValue(consistency), parsed.GetValue(limits),
                parsed.GetRequiredValue(output) == "json")
            { IsThroughKafka = parsed.GetRequiredValue(transport) == "kafka" || parsed.GetValue(kafka) is not null, Kafka = parsed.GetValue(kafka) };
            return (int)await new BenchRun(settings, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error).RunAsync(stop);
        });
        return root;
    }

    private static (TargetKind Kind, Uri? Address) Read(string target) => target switch
    {
        "neo4j" => (TargetKind.Neo4j, null),
        "falkordb" => (TargetKind.FalkorDb, null),
        _ when Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "bolt" or "neo4j" => (TargetKind.Neo4j, uri),
        _ when Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "falkor" or "redis" => (TargetKind.FalkorDb, uri),
        _ => throw new PipelineFailure(FailureClass.Fatal, $"--target '{target}' is neither neo4j, falkordb nor an address such as bolt://host:7687") { ExitCode = ExitCode.Usage },
    };
}
