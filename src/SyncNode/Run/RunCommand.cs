using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Run;

/// <summary><c>polysync run</c>: a node in the foreground until a signal or a failure that needs a person.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var pipelines = new PipelineArguments();
        var api = ApiOption.Create("where the API listens; port 0 takes a free one");
        var level = NodeArguments.LogLevel("information");
        var hocon = NodeArguments.Hocon();
        var role = NodeArguments.Role();
        var journal = NodeArguments.Journal();
        var command = new Command("run", "run a node in the foreground; SIGTERM and Ctrl-C drain it, record its position and end it") 
        {
            api, level, hocon, role, journal,
        };
        pipelines.AddTo(command, targetNeeded: true);
        command.SetAction(async (parsed, stop) =>
        {
            var settings = pipelines.Read(parsed);
            var options = new NodeOptions(parsed.GetRequiredValue(api), parsed.GetRequiredValue(level), parsed.GetValue(hocon), ShowChanges: false,
                parsed.GetValue(role), NodeArguments.JournalOf(parsed.GetValue(journal), parsed.GetValue(role), settings));
            return (int)await RunAsync(settings, options, parsed.InvocationConfiguration.Error, stop);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(IReadOnlyList<PipelineSettings> pipelines, NodeOptions options, TextWriter messages, CancellationToken stop)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        foreach (var settings in pipelines)
        {
            foreach (var warning in await Preflight.CheckAsync(rooms, settings, stop)) await messages.WriteLineAsync($"polysync: {settings.Name}: {warning}");
        }
        await using var node = await Node.StartAsync(options, stop);
        await messages.WriteLineAsync($"polysync: API on {node.Api.GetLeftPart(UriPartial.Authority)}");
        foreach (var settings in pipelines)
        {
            node.Run(settings);
            await messages.WriteLineAsync($"polysync: pipeline '{settings.Name}' runs ({settings.Consistency.ToString().ToLowerInvariant()}); Ctrl-C stops it");
        }

        var stopped = new TaskCompletionSource();
        await using var registration = stop.Register(stopped.SetResult);
        var first = await Task.WhenAny(stopped.Task, node.Failed);
        if (first == stopped.Task) await messages.WriteLineAsync("polysync: stopping: draining what is in flight ...");
        await node.StopAsync();
        if (first == stopped.Task)
        {
            await messages.WriteLineAsync("polysync: stopped; positions are recorded");
            return ExitCode.Success;
        }
        var failed = await node.Failed;
        await messages.WriteLineAsync($"polysync: pipeline '{failed.Pipeline}' stopped: {failed.Failure.Message}");
        return failed.Failure.Class == FailureClass.Fenced ? ExitCode.Fenced : failed.Failure.ExitCode;
    }
}
