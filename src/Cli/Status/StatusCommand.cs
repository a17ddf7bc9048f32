using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
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
        var node = new NodeAccess(needsToken: false);
        var watch = new Option<bool>("--watch", "-w") { Description = "show it anew every second until Ctrl-C; without a terminal one line a second" };
        var output = OutputOption.Create();
        var pipeline = new Option<string?>("--pipeline", "-p") { Description = "which pipeline, in full (default: all of the node; several are a line each)", HelpName = "NAME" };
        var command = new Command("status", "show pipelines: state, slot, LSNs, watermark, lag, rows/s, in flight, dead letters, errors") { watch, output, pipeline };
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = node.Client(parsed);
            var writer = parsed.InvocationConfiguration.Output;
            var json = parsed.IsJson(output);
            var name = parsed.GetValue(pipeline);
            if (parsed.GetValue(watch)) await WatchAsync(() => AskAsync(client, name, cancellationToken), writer, json, cancellationToken);
            else Print(await AskAsync(client, name, cancellationToken), writer, json);
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "On stdout, for each pipeline: state, reason and since when, slot, LSNs, watermark, lag, rows a second, in flight, dead letters, latency, stages, the first copy, the incident that lasts. `--watch` without a terminal prints a line a "
                + "second, with `-o json` a JSON text a line.",
            Codes = [CommandCode.NoNode],
            Examples = [new("status", "once"), new("status --watch", "until Ctrl-C"), new("status -o json", "what `GET /api/pipelines` answers"), new("status --api https://node-1:7710 --api-ca ca.pem", "of another machine")],
            More = "What to watch, and when to worry: [is it well?](operations.md#is-it-well)",
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
