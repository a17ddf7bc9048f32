using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Verbs;

/// <summary><c>polysync pause</c>, <c>resume</c> and <c>restart</c>: a person's word on a pipeline.</summary>
public static class VerbCommands
{
    public static IEnumerable<Command> Create()
    {
        var reason = new Option<string?>("--reason") { Description = "why, up to 500 characters: status shows it", HelpName = "TEXT" };
        yield return Create(PipelineVerb.Pause, "write what is in flight, then stop reading until 'resume'; over restarts of the node too where it has a journal", reason,
            new CommandExample("pause --reason \"new disks for neo4j\"", "the only pipeline of the node"), new CommandExample("pause --pipeline shop", "one of several"));
        yield return Create(PipelineVerb.Resume, "let a paused or failed pipeline run again", null, new CommandExample("resume", "goes on where it was; one that failed is tried again, too"));
        yield return Create(PipelineVerb.Restart, "write what is in flight, then begin again from the position in the graph; a paused or failed pipeline runs again", null,
            new CommandExample("restart --pipeline shop", "closes its connections and makes them anew"));
    }

    private static Command Create(PipelineVerb verb, string description, Option<string?>? reason, params IReadOnlyList<CommandExample> examples)
    {
        var options = new PipelineOptions();
        var command = new Command(verb.ToString().ToLowerInvariant(), description);
        if (reason is not null) command.Options.Add(reason);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var pipeline = await options.PipelineAsync(client, parsed, cancellationToken, orCapture: true);
            var status = await client.ChangeAsync(pipeline, verb, reason is null ? null : parsed.GetValue(reason), cancellationToken);
            await options.PrintAsync(parsed, status, now => $"pipeline '{now.Name}' is {now.State.ToString().ToLowerInvariant()}{(now.Reason is null ? "" : $": {now.Reason}")}");
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "What state the pipeline is in after that, on stdout: `pipeline 'shop' is paused: new disks for neo4j`. A pause and a restart answer once what was in flight is written, 20 s later at the most.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = examples,
            More = "[A person's word on a pipeline](operations.md#pause-resume-restart): what it means for the capture into Kafka, and over restarts of the node.",
        });
        return command;
    }
}
