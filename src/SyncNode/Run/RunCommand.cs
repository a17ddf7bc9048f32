using System.CommandLine;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Clustering;
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
        var cluster = new ClusterArguments();
        var folder = new Option<string?>("--manifests")
        {
            Description = "folder with manifests, made where it is missing: what is applied while the node runs is kept there (default: the folder among MANIFEST; else nothing is kept)", HelpName = "DIR",
        };
        var command = new Command("run", "run a node in the foreground; SIGTERM and Ctrl-C drain it, record its position and end it")
        {
            level, hocon, role, journal, folder,
        };
        cluster.AddTo(command);
        api.AddTo(command);
        pipelines.AddTo(command, targetNeeded: true, folder);
        command.SetAction(async (parsed, stop) =>
        {
            Failpoint.Arm(Environment.GetEnvironmentVariable(Failpoint.Variable));
            pipelines.WarnOfPasswords(parsed, ("--journal", parsed.GetValue(journal)));
            if (parsed.GetValue(role) != NodeRole.Cluster) cluster.RefuseFor(parsed, parsed.GetValue(role).ToString().ToLowerInvariant());
            var settled = parsed.GetValue(role) == NodeRole.Cluster ? cluster.Read(parsed, Environment.GetEnvironmentVariable) : null;
            var given = pipelines.ReadForNode(parsed, parsed.GetValue(folder));
            var settings = given.Pipelines.Select(p => p.Settings).ToList();
            var options = new NodeOptions(api.Read(parsed, Environment.GetEnvironmentVariable), parsed.GetRequiredValue(level), parsed.GetValue(hocon), ShowChanges: false,
                parsed.GetValue(role), NodeArguments.JournalOf(parsed.GetValue(journal), parsed.GetValue(role), settings), given.Folder, Cluster: settled);
            return (int)await RunAsync(given, options, parsed.InvocationConfiguration.Error, stop);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(GivenPipelines given, NodeOptions options, TextWriter messages, CancellationToken stop)
    {
        if (given.Folder is null) await CheckAsync(given, messages, stop);
        foreach (var mistake in given.Mistakes) await messages.WriteLineAsync($"polysync: {mistake}");
        await using var node = await Node.StartAsync(options, stop);
        await messages.WriteLineAsync($"polysync: API on {node.Api.GetLeftPart(UriPartial.Authority)}");
        foreach (var (settings, manifest) in given.Pipelines)
        {
            if (settings.Kafka is { Capture: CaptureMode.Embedded } && options.Cluster is null) node.Capture(settings);
            node.Run(settings, manifest);
            await messages.WriteLineAsync($"polysync: pipeline '{settings.Name}' {(options.Cluster is null ? "runs" : "is one of the cluster's")} ({settings.Consistency.ToString().ToLowerInvariant()}); "
                + $"Ctrl-C stops {(options.Cluster is null ? "it" : "this node")}");
        }
        node.Settle();
        if (given.Folder is { } folder)
        {
            await messages.WriteLineAsync($"polysync: {given.Pipelines.Count} pipeline{(given.Pipelines.Count == 1 ? "" : "s")} of {folder.Path}"
                + $"{(given.Mistakes.Count == 0 ? "" : ", those with mistakes left out")}; 'polysync apply' changes them and keeps them there");
        }

        if (await AllFailedAsync(node, given.Folder is not null || options.Cluster is not null, messages, stop) is { } failure)
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

    private static async Task CheckAsync(GivenPipelines given, TextWriter messages, CancellationToken stop)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        foreach (var (settings, _) in given.Pipelines)
        {
            foreach (var warning in await Preflight.CheckAsync(rooms, settings, stop)) await messages.WriteLineAsync($"polysync: {settings.Name}: {warning}");
        }
    }

    /// <summary>Says of each pipeline that stopped, or whose capture did, why; the others go on.</summary>
    /// <param name="stays">A node with a folder waits for other manifests where none of its pipelines is left, one of a cluster for pipelines of others.</param>
    /// <returns>The last failure where no pipeline is left, or why the node ended by itself; null where a signal came first.</returns>
    private static async Task<PipelineFailure?> AllFailedAsync(Node node, bool stays, TextWriter messages, CancellationToken stop)
    {
        var running = new HashSet<string>(node.Names);
        try
        {
            while (true)
            {
                var failed = await node.Failures.ReadAsync(stop);
                running.Remove(failed.Pipeline);
                running.IntersectWith(node.Names);
                // one that had failed before may have been resumed, another applied
                if (running.Count == 0) running.UnionWith((await SoundAsync(node)).Where(name => name != failed.Pipeline));
                var after = running.Count > 0 ? "; the others go on" : stays ? "; the node waits for another manifest" : "";
                await messages.WriteLineAsync($"polysync: pipeline '{failed.Pipeline}' stopped: {failed.Failure.Message}{after}");
                if (running.Count == 0 && !stays) return failed.Failure;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException)
        {
            var failure = new PipelineFailure(FailureClass.Fenced, "the other nodes did not reach this one and go on without it; start it again, and it joins them") { ExitCode = ExitCode.Fenced };
            await messages.WriteLineAsync($"polysync: {failure.Message}");
            return failure;
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
