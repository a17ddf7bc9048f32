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
        var api = new ApiArguments();
        var level = NodeArguments.LogLevel("information");
        var hocon = NodeArguments.Hocon();
        var role = NodeArguments.Role();
        var journal = NodeArguments.Journal();
        var command = new Command("run", "run a node in the foreground; SIGTERM and Ctrl-C drain it, record its position and end it")
        {
            level, hocon, role, journal,
        };
        api.AddTo(command);
        pipelines.AddTo(command, targetNeeded: true);
        command.SetAction(async (parsed, stop) =>
        {
            Failpoint.Arm(Environment.GetEnvironmentVariable(Failpoint.Variable));
            pipelines.WarnOfPasswords(parsed, ("--journal", parsed.GetValue(journal)));
            var settings = pipelines.Read(parsed);
            var options = new NodeOptions(api.Read(parsed, Environment.GetEnvironmentVariable), parsed.GetRequiredValue(level), parsed.GetValue(hocon), ShowChanges: false,
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
            if (settings.Kafka is { Capture: CaptureMode.Embedded }) node.Capture(settings);
            node.Run(settings);
            await messages.WriteLineAsync($"polysync: pipeline '{settings.Name}' runs ({settings.Consistency.ToString().ToLowerInvariant()}); Ctrl-C stops it");
        }

        if (await AllFailedAsync(node, [.. pipelines.Select(p => p.Name)], messages, stop) is { } failure)
        {
            await node.StopAsync();
            return failure.Class == FailureClass.Fenced ? ExitCode.Fenced : failure.ExitCode;
        }
        await messages.WriteLineAsync("polysync: stopping: draining what is in flight ...");
        var ailing = await AilingAsync(node);
        await node.StopAsync();
        foreach (var pipeline in ailing) await messages.WriteLineAsync($"polysync: pipeline '{pipeline.Name}' was degraded ({pipeline.Reason}): what could not be written is read again at the next start");
        await messages.WriteLineAsync("polysync: stopped; positions are recorded");
        return ExitCode.Success;
    }

    /// <summary>Says of each pipeline that stopped, or whose capture did, why; the others go on.</summary>
    /// <returns>The last failure where no pipeline is left; null where a signal came first.</returns>
    private static async Task<PipelineFailure?> AllFailedAsync(Node node, HashSet<string> running, TextWriter messages, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var failed = await node.Failures.ReadAsync(stop);
                running.Remove(failed.Pipeline);
                // one that had failed before may have been resumed
                if (running.Count == 0) running.UnionWith((await SoundAsync(node)).Where(name => name != failed.Pipeline));
                await messages.WriteLineAsync($"polysync: pipeline '{failed.Pipeline}' stopped: {failed.Failure.Message}{(running.Count > 0 ? "; the others go on" : "")}");
                if (running.Count == 0) return failed.Failure;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Pipelines that have not failed, nor their captures; none where they do not answer.</summary>
    private static async Task<IReadOnlyList<string>> SoundAsync(Node node)
    {
        try
        {
            var all = await node.Pipelines.StatusAsync(CancellationToken.None);
            return [.. all.GroupBy(p => p.Name).Where(p => p.All(role => role.State is not (PipelineState.Failed or PipelineState.Stopped))).Select(p => p.Key)];
        }
        catch (TimeoutException)
        {
            return [];
        }
    }

    /// <summary>Pipelines that may not be able to write what is in flight; none where they do not answer.</summary>
    private static async Task<IReadOnlyList<PipelineStatus>> AilingAsync(Node node)
    {
        try
        {
            return [.. (await node.Pipelines.StatusAsync(CancellationToken.None)).Where(p => p.State == PipelineState.Degraded)];
        }
        catch (TimeoutException)
        {
            return [];
        }
    }
}
