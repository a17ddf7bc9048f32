using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Manifests;

/// <summary><c>polysync diff</c>: where manifests and a running node differ. Code 9 where they do.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var options = new ManifestOptions();
        var output = OutputOption.Create();
        var command = new Command("diff", "show where manifests and a running node differ; exit code 9 where they do") { options.Paths, output };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var files = await ManifestPaths.ReadAsync(parsed.GetRequiredValue(options.Paths), cancellationToken);
            var plan = await client.PlanManifestsAsync(new ManifestSet(files, options.IsFolder(parsed)), cancellationToken);
            var different = plan.Changes.Where(c => c.Action != ManifestAction.Unchanged).ToList();
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.IsJson(output)) await writer.WriteLineAsync(JsonSerializer.Serialize(different, ApiJson.Indented));
            else if (different.Count == 0) await writer.WriteLineAsync("no difference");
            else Screen.On(writer, Screen.IsTerminal(writer)).Write(ChangeTable.Of(different));
            return (int)(different.Count == 0 ? ExitCode.Success : ExitCode.Diverged);
        });
        command.Document(new CommandPage
        {
            Prints = "As `apply`, on stdout, without what is the same; `no difference` where nothing differs. Of a folder, pipelines that only the node has count too.",
            Codes = [new(ExitCode.Diverged, "they differ"), new(ExitCode.InvalidManifest, "a manifest has a mistake, as the node reads it"), CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("diff pipelines/", "code 9 where folder and node differ")],
        });
        return command;
    }
}
