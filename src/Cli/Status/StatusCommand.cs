using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;

namespace PolyglotSync.Cli.Status;

/// <summary><c>polysync status</c>: what the pipelines of a node do.</summary>
public static class StatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var api = ApiOption.Create("address of the node's API");
        var ca = CaOption.Create();
        var watch = new Option<bool>("--watch", "-w") { Description = "show it anew every second until Ctrl-C" };
        var output = new Option<string>("--output", "-o") { Description = "table or json", DefaultValueFactory = _ => "table", HelpName = "table|json" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("status", "show pipelines: state, slot, LSNs, watermark, lag, rows/s, in flight, dead letters, errors") { api, ca, watch, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CaOption.Client(parsed.GetRequiredValue(api), parsed.GetValue(ca));
            var writer = parsed.InvocationConfiguration.Output;
            var json = parsed.GetValue(output) == "json";
            if (parsed.GetValue(watch)) await WatchAsync(client, writer, json, cancellationToken);
            else Print(await client.PipelinesAsync(cancellationToken), writer, json);
            return (int)ExitCode.Success;
        });
        return command;
    }

    internal static void Print(IReadOnlyList<PipelineStatus> pipelines, TextWriter writer, bool json)
    {
        if (json) writer.WriteLine(JsonSerializer.Serialize(pipelines, ApiJson.Indented));
        else Screen.On(writer, Screen.IsTerminal(writer)).Write(StatusTable.Render(pipelines));
    }

    private static async Task WatchAsync(NodeClient client, TextWriter writer, bool json, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval);
        if (json || !Screen.IsTerminal(writer))
        {
            // One line a look: a stream that other programs can read.
            do
            {
                var pipelines = await client.PipelinesAsync(cancellationToken);
                if (json) await writer.WriteLineAsync(JsonSerializer.Serialize(pipelines, ApiJson.Options));
                else foreach (var pipeline in pipelines) await writer.WriteLineAsync(StatusLine.Render(pipeline));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
            return;
        }
        var first = await client.PipelinesAsync(cancellationToken);
        await Screen.On(writer, interactive: true).Live(StatusTable.Render(first)).StartAsync(async live =>
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                live.UpdateTarget(StatusTable.Render(await client.PipelinesAsync(cancellationToken)));
            }
        });
    }
}
