using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Manifests;

/// <summary><c>polysync delete</c>: stops a pipeline of a running node and forgets its manifest. The graph stays as it is.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var options = new ManifestOptions();
        var name = new Argument<string>("name") { Description = "the pipeline", HelpName = "NAME" };
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask; needed where there is no terminal" };
        var drop = new Option<bool>("--drop-slot") { Description = "drop its slot and publication, too: then it cannot go on where it was" };
        var output = OutputOption.Create();
        var command = new Command("delete", "write what is in flight, stop a pipeline and forget its manifest; the graph stays as it is") { name, yes, drop, output };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var pipeline = parsed.GetRequiredValue(name);
            if (!parsed.GetValue(yes) && !Agrees(pipeline, parsed.GetValue(drop), parsed.InvocationConfiguration.Error)) return (int)ExitCode.Failed;
            using var client = options.Client(parsed);
            var removed = await client.RemoveManifestAsync(pipeline, parsed.GetValue(drop), cancellationToken);
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.IsJson(output))
            {
                await writer.WriteLineAsync(JsonSerializer.Serialize(removed, ApiJson.Indented));
                return (int)ExitCode.Success;
            }
            await writer.WriteLineAsync($"pipeline '{pipeline}' is deleted{(removed.Dropped.Count == 0 ? "" : $", and {string.Join(" and ", removed.Dropped)} dropped")}");
            foreach (var note in removed.Notes) await writer.WriteLineAsync($"  {note}");
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "What was deleted, and what stays, on stdout. It asks on stderr first, unless `--yes` is there; a no is code 1.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("delete shop", "slot and publication stay: applied again it goes on where it was"), new("delete shop --yes --drop-slot", "for good")],
            More = "A slot that nobody reads holds the log back: [change pipelines of a running node](operations.md#change-pipelines-of-a-running-node).",
        });
        return command;
    }

    /// <exception cref="PipelineFailure">Nobody can be asked.</exception>
    private static bool Agrees(string pipeline, bool drop, TextWriter error)
    {
        if (Console.IsInputRedirected) throw new PipelineFailure(FailureClass.Fatal, $"nobody is there to be asked: add --yes to delete pipeline '{pipeline}'") { ExitCode = ExitCode.Usage };
        error.Write($"delete pipeline '{pipeline}'{(drop ? " and drop its slot and publication" : "")}? The graph stays as it is. [y/N] ");
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes") return true;
        error.WriteLine("polysync: nothing was deleted");
        return false;
    }
}
