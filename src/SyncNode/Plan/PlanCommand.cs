using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Description;
using PolyglotSync.SyncNode.Hosting;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode.Plan;

/// <summary><c>polysync plan</c>: what would be done, without doing it. Data on stdout, warnings on stderr.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var pipelines = new PipelineArguments();
        var output = OutputOption.Create("yaml");
        var command = new Command("plan", "show the mapping, inferred or given, and each table's Cypher; changes nothing") { output };
        pipelines.AddTo(command, targetNeeded: false);
        command.SetAction(async (parsed, stop) =>
        {
            var (writer, messages) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            pipelines.WarnOfPasswords(parsed);
            foreach (var settings in pipelines.Read(parsed))
            {
                await ShowAsync(settings, parsed.IsJson(output), writer, messages, stop);
            }
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "The mapping as a manifest would say it, and each table's Cypher, on stdout; warnings (a table without a key) on stderr.",
            Codes = [new(ExitCode.InvalidManifest, "the manifest or its mapping is wrong"), new(ExitCode.SourceUnavailable), new(ExitCode.SourceUnfit)],
            Examples = [new("plan --source postgres://user@host/shop", "what would be made of a database"), new("plan shop.yaml -o json", "what a manifest means")],
            More = "It changes nothing, and reaches only for the source.",
        });
        return command;
    }

    private static async Task ShowAsync(PipelineSettings settings, bool json, TextWriter writer, TextWriter messages, CancellationToken stop)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        await using var source = rooms.CreateSource(settings with { Kafka = null });
        var schema = await source.DescribeAsync(stop);
        var (mapping, warnings) = rooms.CreateMapping(settings, schema);
        foreach (var warning in warnings) await messages.WriteLineAsync($"polysync: {warning}");
        var tables = PlanDescription.Of(mapping, schema);
        await writer.WriteLineAsync(json ? PlanText.Json(settings, tables, warnings) : PlanText.Yaml(settings, MappingYaml.Write(mapping, schema), tables));
    }
}
