using System.CommandLine;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
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
        var name = NodeArguments.Name();
        var journal = NodeArguments.Journal();
        var cluster = new ClusterArguments();
        var folder = new Option<string?>("--manifests")
        {
            Description = "folder of manifests to run, made where it is missing: what is applied while the node runs is kept there (default: the folder among MANIFEST; else nothing is kept)", HelpName = "DIR",
        };
        var command = new Command("run", "run a node in the foreground; SIGTERM and Ctrl-C drain it, record its position and end it")
        {
            level, hocon, role, journal, folder, name,
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
                parsed.GetValue(role), NodeArguments.JournalOf(parsed.GetValue(journal), parsed.GetValue(role), settings), given.Folder, Cluster: settled, Name: parsed.GetValue(name));
            return (int)await RunAsync(given, options, parsed.InvocationConfiguration.Error, stop);
        });
        command.Document(Page);
        return command;
    }

    private static readonly CommandPage Page = new()
    {
        Prints = "Nothing on stdout. On stderr where the API listens, each pipeline that runs, each that stopped and why, then the log, one line an event.",
        Codes =
        [
            new(ExitCode.InvalidManifest, "a manifest, its mapping or the HOCON file is wrong"), new(ExitCode.SourceUnavailable), new(ExitCode.SourceUnfit), new(ExitCode.TargetUnavailable), new(ExitCode.Fenced), new(ExitCode.BrokerUnavailable), new(ExitCode.BrokerUnfit),
            new(ExitCode.Interrupted, "a second Ctrl-C"),
        ],
        Examples =
        [
            new("run shop.yaml crm.yaml", "a node with two pipelines"), new("run /etc/polysync/pipelines", "of a folder every `*.yaml` and `*.yml`; what is [applied](operations.md#change-pipelines-of-a-running-node) is kept there"),
            new("run --source postgres://user@host/shop --target bolt://neo4j@graph:7687 --name shop", "without a manifest"),
            new("run /etc/polysync/pipelines --role cluster --cluster-host 10.0.0.5 --cluster-seeds 10.0.0.4:4053,10.0.0.5:4053 --journal postgres://user@host/journal", "one of several nodes that [share the pipelines out](operations.md#a-cluster)"),
            new("run shop.yaml --api https://0.0.0.0:7710 --api-certificate tls.crt --api-key tls.key", "with [TLS](operations.md#tls-for-the-api)"),
        ],
        More = """
            It reaches for source and target once before it starts, so that a wrong address or password ends it with its code. A server that goes away later is waited for.

            A node of several pipelines goes on while one of them is left: one that needs a person says why on stderr and in `status`, and `/health/ready` is 503. With the last one the node ends, with that failure's code. A node with a folder
            of manifests does not: it waits for another manifest, and an empty folder is enough to start it. In a folder a manifest with a mistake is said and left out, and servers are not reached for before: each pipeline says in `status` how
            it fares.

            SIGTERM, SIGHUP and Ctrl-C drain a node: what is in flight is written, the position recorded, exit code 0. Where the target does not answer, the drain ends after 20 s and says so: what could not be written is read again at the next
            start. A second Ctrl-C ends it at once (130); nothing is lost by that: it goes on from the last recorded position.
            """,
    };

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
