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
        var pipeline = new Option<string?>("--pipeline", "-p") { Description = "which pipeline, in full (default: all of the node; several are a line each)", HelpName = "NAME" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("status", "show pipelines: state, slot, LSNs, watermark, lag, rows/s, in flight, dead letters, errors") { api, ca, watch, output, pipeline };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CaOption.Client(parsed.GetRequiredValue(api), parsed.GetValue(ca));
            var writer = parsed.InvocationConfiguration.Output;
            var json = parsed.GetValue(output) == "json";
            var name = parsed.GetValue(pipeline);
            if (parsed.GetValue(watch)) await WatchAsync(() => AskAsync(client, name, cancellationToken), writer, json, cancellationToken);
            else Print(await AskAsync(client, name, cancellationToken), writer, json);
            return (int)ExitCode.Success;
        });
        return command;
    }

    /// <param name="name">Null: all of the node.</param>
    private static async Task<IReadOnlyList<PipelineStatus>> AskAsync(NodeClient client, string? name, CancellationToken cancellationToken)
    {
        var all = await client.PipelinesAsync(cancellationToken);
        if (name is null) return all;
        return all.Where(p => p.Name == name).ToList() is { Count: > 0 } named ? named : throw new PipelineFailure(FailureClass.Fatal,
            $"this node runs no pipeline '{name}'{(all.Count == 0 ? "" : $"; it runs {string.Join(", ", all.Select(p => p.Name).Distinct())}")}")
        { ExitCode = ExitCode.Failed };
    }

    internal static void Print(IReadOnlyList<PipelineStatus> pipelines, TextWriter writer, bool json)
    {
        if (json) writer.WriteLine(JsonSerializer.Serialize(pipelines, ApiJson.Indented));
        else Screen.On(writer, Screen.IsTerminal(writer)).Write(StatusTable.Render(pipelines));
    }

    private static async Task WatchAsync(Func<Task<IReadOnlyList<PipelineStatus>>> ask, TextWriter writer, bool json, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval);
        if (json || !Screen.IsTerminal(writer))
        {
            // One line a look: a stream that other programs can read.
            do
            {
                var pipelines = await ask();
                if (json) await writer.WriteLineAsync(JsonSerializer.Serialize(pipelines, ApiJson.Options));
                else foreach (var pipeline in pipelines) await writer.WriteLineAsync(StatusLine.Render(pipeline));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
            return;
        }
        var first = await ask();
        await Screen.On(writer, interactive: true).Live(StatusTable.Render(first)).StartAsync(async live =>
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                live.UpdateTarget(StatusTable.Render(await ask()));
            }
        });
    }
}
