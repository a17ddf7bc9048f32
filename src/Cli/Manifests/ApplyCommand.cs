using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Manifests;

/// <summary><c>polysync apply</c>: has a running node take manifests, once all of them are right.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var options = new ManifestOptions();
        var dry = new Option<bool>("--dry-run") { Description = "say what would change and what it needs; change nothing" };
        var prune = new Option<bool>("--prune") { Description = "stop pipelines of the node that the folder does not name; their slots stay" };
        var output = OutputOption.Create();
        var command = new Command("apply", "have a running node take manifests: start what is new, go on with what is changed") { options.Paths, dry, prune, output };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(prune) && !options.IsFolder(parsed)) throw new PipelineFailure(FailureClass.Fatal, "--prune takes one folder: it stops what is not in it") { ExitCode = ExitCode.Usage };
            using var client = options.Client(parsed);
            var files = await ManifestPaths.ReadAsync(parsed.GetRequiredValue(options.Paths), cancellationToken);
            var plan = await client.PlanManifestsAsync(new ManifestSet(files, parsed.GetValue(prune)), cancellationToken);
            var (writer, messages) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (!parsed.GetValue(dry)) plan = plan with { Changes = await ApplyAsync(client, plan.Changes, files, messages, cancellationToken) };
            if (parsed.IsJson(output)) await writer.WriteLineAsync(JsonSerializer.Serialize(plan, ApiJson.Indented));
            else Screen.On(writer, Screen.IsTerminal(writer)).Write(ChangeTable.Of(plan.Changes));
            if (plan.Folder is null && plan.Changes.Any(c => c.Action != ManifestAction.Unchanged))
                await messages.WriteLineAsync("polysync: the node has no folder for manifests: what is applied lasts until it ends ('polysync run DIR' keeps it)");
            return (int)(plan.Changes.Any(c => c.Refusal is not null) ? ExitCode.Failed : ExitCode.Success);
        });
        command.Document(new CommandPage
        {
            Prints = "A row a pipeline on stdout: what changes, what that needs, key by key ([a transcript](operations.md#change-pipelines-of-a-running-node)). Mistakes on stderr, all at once, each with file, line, column and a hint.",
            Codes =
            [
                new(ExitCode.Failed, "the node refused one; the others are applied"), new(ExitCode.InvalidManifest, "a manifest has a mistake, as the node reads it: nothing was applied"), CommandCode.NoNode, CommandCode.NoToken,
            ],
            Examples = [new("apply pipelines/ --dry-run", "what would change"), new("apply shop.yaml", "one manifest"), new("apply pipelines/ --prune", "the folder as it is: what it does not name is stopped")],
            More = "All of them are right, or none is sent. [Change pipelines of a running node](operations.md#change-pipelines-of-a-running-node) says what is kept and what is refused, [the manifest's reference](manifest.md#what-a-change-needs) "
                + "what each change needs.",
        });
        return command;
    }

    /// <summary>One after the other; what the node refuses is said and does not stop the others.</summary>
    private static async Task<IReadOnlyList<ManifestChange>> ApplyAsync(NodeClient client, IReadOnlyList<ManifestChange> planned, IReadOnlyList<ManifestFile> files, TextWriter messages, CancellationToken cancellationToken)
    {
        var done = new List<ManifestChange>();
        foreach (var change in planned)
        {
            try
            {
                if (change.Refusal is not null) done.Add(change);
                else if (change.Action == ManifestAction.Removed) done.Add(change with { Notes = (await client.RemoveManifestAsync(change.Pipeline, drop: false, cancellationToken)).Notes });
                else done.Add(await client.ApplyManifestAsync(change.Pipeline, files.First(f => f.File == change.File), cancellationToken));
            }
            catch (PipelineFailure failure) when (failure.ExitCode is not (ExitCode.NodeUnavailable or ExitCode.Unauthorized))
            {
                await messages.WriteLineAsync($"polysync: {change.Pipeline}: {failure.Message}");
                done.Add(change with { Refusal = failure.Message });
            }
        }
        return done;
    }
}
