using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;
using PolyglotSync.Kafka.Capture;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Hosting;
using PolyglotSync.SyncNode.Manifests;

namespace PolyglotSync.SyncNode.Run;

/// <summary><c>polysync capture</c>: a node that takes changes into Kafka and writes no graph.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        var manifests = new Argument<string[]>("manifest") { Description = "YAML files, one a pipeline, with a section 'kafka'", Arity = ArgumentArity.OneOrMore, HelpName = "MANIFEST" };
        var api = new ApiArguments();
        var level = NodeArguments.LogLevel("information");
        var hocon = NodeArguments.Hocon();
        var name = NodeArguments.Name();
        var command = new Command("capture", "take changes into Kafka's topics, for nodes elsewhere to read; SIGTERM and Ctrl-C end it once the broker has what is on its way")
        {
            manifests, level, hocon, name,
        };
        api.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            Failpoint.Arm(Environment.GetEnvironmentVariable(Failpoint.Variable));
            var settings = Read(parsed.GetRequiredValue(manifests));
            var options = new NodeOptions(api.Read(parsed, Environment.GetEnvironmentVariable), parsed.GetRequiredValue(level), parsed.GetValue(hocon), ShowChanges: false, CapturesOnly: true, Name: parsed.GetValue(name));
            return (int)await RunAsync(settings, options, parsed.InvocationConfiguration.Error, stop);
        });
        command.Document(new CommandPage
        {
            Prints = "Nothing on stdout. On stderr where the API listens, what it captures into which topics, failures, then the log.",
            Codes =
            [
                new(ExitCode.InvalidManifest, "the manifest is wrong, or nothing is to be captured for it"), new(ExitCode.SourceUnavailable), new(ExitCode.SourceUnfit), new(ExitCode.Fenced, "another capture took it over"),
                new(ExitCode.BrokerUnavailable), new(ExitCode.BrokerUnfit),
            ],
            Examples = [new("capture shop.yaml", "the manifest says `kafka.capture: separate` and needs no `target`")],
            More = "[Capture](kafka.md#capture). It ends, with the failure's code, once every capture of it has failed.",
        });
        return command;
    }

    /// <exception cref="PipelineFailure">What is wrong with a manifest, or why there is nothing to capture for it.</exception>
    private static List<PipelineSettings> Read(string[] files)
    {
        var reader = new ManifestReader(Environment.GetEnvironmentVariable, SourceConnection.Parse, needsTarget: false);
        var read = files.Select(reader.ReadFile).ToList();
        foreach (var twice in read.GroupBy(p => p.Name).Where(g => g.Count() > 1)) throw Wrong($"two manifests name their pipeline '{twice.Key}'; a node captures for each name once");
        foreach (var settings in read)
        {
            if (settings.Kafka is not { } kafka) throw Wrong($"pipeline '{settings.Name}' has no section 'kafka': its changes go directly, and 'polysync run' captures them");
            if (kafka.Capture == CaptureMode.Debezium) throw Wrong($"pipeline '{settings.Name}' says kafka.capture: debezium: Debezium writes its topics");
            if (kafka.Capture == CaptureMode.Embedded) throw Wrong($"pipeline '{settings.Name}' is captured by the node that runs it; for a capture of its own write kafka.capture: separate");
        }
        return read;
    }

    private static async Task<ExitCode> RunAsync(List<PipelineSettings> pipelines, NodeOptions options, TextWriter messages, CancellationToken stop)
    {
        foreach (var settings in pipelines) await CheckAsync(settings, messages, stop);
        await using var node = await Node.StartAsync(options, stop);
        await messages.WriteLineAsync($"polysync: API on {node.Api.GetLeftPart(UriPartial.Authority)}");
        foreach (var settings in pipelines)
        {
            node.Capture(settings);
            await messages.WriteLineAsync($"polysync: capturing '{settings.Name}' into {settings.Kafka}; Ctrl-C stops it");
        }
        if (await AllFailedAsync(node, pipelines.Count, messages, stop) is { } failure)
        {
            await node.StopAsync();
            return failure.Class == FailureClass.Fenced ? ExitCode.Fenced : failure.ExitCode;
        }
        await messages.WriteLineAsync("polysync: stopping: waiting for the broker ...");
        await node.StopAsync();
        await messages.WriteLineAsync("polysync: stopped");
        return ExitCode.Success;
    }

    /// <summary>What a person's first start gets wrong is said at once, with its exit code; a server that goes away later is waited for.</summary>
    private static async Task CheckAsync(PipelineSettings settings, TextWriter messages, CancellationToken stop)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        foreach (var warning in await Preflight.CheckSourceAsync(rooms, settings with { Kafka = null }, stop)) await messages.WriteLineAsync($"polysync: {settings.Name}: {warning}");
        await KafkaCapture.CheckAsync(settings, stop);
    }

    /// <returns>The last failure where no capture is left; null where a signal came first.</returns>
    private static async Task<PipelineFailure?> AllFailedAsync(Node node, int running, TextWriter messages, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var failed = await node.Failures.ReadAsync(stop);
                running--;
                await messages.WriteLineAsync($"polysync: the capture of '{failed.Pipeline}' stopped: {failed.Failure.Message}{(running > 0 ? "; the others go on" : "")}");
                if (running == 0) return failed.Failure;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static PipelineFailure Wrong(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.InvalidManifest };
}
