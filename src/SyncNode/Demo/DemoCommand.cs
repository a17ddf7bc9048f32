using System.CommandLine;
using System.CommandLine.Parsing;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode.Demo;

/// <param name="Seconds">How long the live part lasts; null: until Ctrl-C.</param>
/// <param name="Target">A graph's address; null: an embedded one.</param>
/// <param name="IsThroughKafka">Whether changes go through a broker.</param>
/// <param name="Kafka">The broker's address, <c>host:port</c>; null: one of the demo's own.</param>
/// <param name="Rows">Rows in the tables before the first copy.</param>
/// <param name="Rate">Statements a second in the live part.</param>
internal sealed record DemoSettings(double? Seconds, string? Target, bool IsThroughKafka, string? Kafka, int Rows, int Rate, Consistency Consistency, string LogLevel, string? Hocon);

/// <summary><c>polysync demo</c>: everything from nothing, and the proof at the end.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seconds = new Option<double?>("--for") { Description = "seconds of live writes, then end (default: until Ctrl-C)", HelpName = "SECONDS" };
        seconds.Validators.Add(result => Range(result, "--for", 1, 86_400));
        var target = new Option<string?>("--target") { Description = "an empty Neo4j to use instead of the embedded graph: bolt://host:7687", HelpName = "URI" };
        var transport = new Option<string>("--transport")
        {
            Description = "kafka: every change goes through topics", HelpName = "direct|kafka", DefaultValueFactory = _ => "direct",
        };
        transport.AcceptOnlyFromAmong("direct", "kafka");
        var kafka = new Option<string?>("--kafka") { Description = "a Kafka to go through; the topics are deleted at the end (default: with --transport kafka a broker of its own)", HelpName = "HOST:PORT" };
        kafka.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !KafkaReader.IsAddress(result.Tokens[0].Value)) result.AddError($"--kafka '{result.Tokens[0].Value}' is not a broker's address, such as localhost:9092");
        });
        var rows = new Option<int>("--rows") { Description = "rows in the tables before the first copy", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        rows.Validators.Add(result => Range(result, "--rows", 100, 100_000_000));
        var rate = new Option<int>("--rate") { Description = "live statements a second", HelpName = "N", DefaultValueFactory = _ => 200 };
        rate.Validators.Add(result => Range(result, "--rate", 1, 100_000));
        var consistency = ConsistencyOption.Create();
        var level = NodeArguments.LogLevel("error");
        var hocon = NodeArguments.Hocon();
        var command = new Command("demo", "show it all: a PostgreSQL and a graph of its own, a first copy, live writes, a comparison at the end")
        {
            seconds, target, transport, kafka, rows, rate, consistency, level, hocon,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = new DemoSettings(parsed.GetValue(seconds), parsed.GetValue(target), parsed.GetRequiredValue(transport) == "kafka" || parsed.GetValue(kafka) is not null,
                parsed.GetValue(kafka), parsed.GetValue(rows), parsed.GetValue(rate),
                parsed.GetValue(consistency), parsed.GetRequiredValue(level), parsed.GetValue(hocon));
            var output = parsed.InvocationConfiguration.Output;
            IDemoView view = Screen.IsTerminal(output)
                ? new TerminalView(Screen.On(output, interactive: true))
                : new PlainView(output);
            return (int)await new DemoRun(settings, view).RunAsync(stop);
        });
        command.Document(new CommandPage
        {
            Prints = "What it does, rates and latencies while it writes, and at the end a comparison of every row with the graph ([a transcript](demo-transcript.md)), on stdout.",
            Codes =
            [
                new(ExitCode.TargetUnavailable, "the graph that was named does not answer"), new(ExitCode.TimedOut, "the graph did not catch up"), new(ExitCode.Diverged, "graph and tables differ"), new(ExitCode.BrokerUnavailable, "there is no Kafka to go through"),
            ],
            Examples = [new("demo", "until Ctrl-C, then the comparison"), new("demo --for 30 --rows 100000 --rate 1000", "larger, for half a minute"), new("demo --transport kafka", "[through a broker](kafka.md#the-demo-through-kafka)")],
            More = "A PostgreSQL and a graph of its own, in a folder that is gone at the end; the `social` world, first copy, live writes.",
        });
        return command;
    }

    private static void Range(OptionResult result, string name, double min, double max)
    {
        if (result.Tokens.Count > 0 && double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var value) && (value < min || value > max))
        {
            result.AddError($"{name} takes {min} to {max}");
        }
    }
}
