using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Verbs;

/// <summary><c>polysync pause</c>, <c>resume</c> and <c>restart</c>: a person's word on a pipeline.</summary>
public static class VerbCommands
{
    public static IEnumerable<Command> Create()
    {
        var reason = new Option<string?>("--reason") { Description = "why, for whoever looks at the status", HelpName = "TEXT" };
        yield return Create(PipelineVerb.Pause, "write what is in flight, then stop reading until 'resume'; over restarts of the node too where it has a journal", reason);
        yield return Create(PipelineVerb.Resume, "let a paused or failed pipeline run again", null);
        yield return Create(PipelineVerb.Restart, "write what is in flight, then begin again from the position in the graph; a paused or failed pipeline runs again", null);
    }

    private static Command Create(PipelineVerb verb, string description, Option<string?>? reason)
    {
        var options = new PipelineOptions();
        var command = new Command(verb.ToString().ToLowerInvariant(), description);
        if (reason is not null) command.Options.Add(reason);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var pipeline = await options.PipelineAsync(client, parsed, cancellationToken);
            var status = await client.ChangeAsync(pipeline, verb, reason is null ? null : parsed.GetValue(reason), cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            if (options.IsJson(parsed)) await output.WriteLineAsync(JsonSerializer.Serialize(status, ApiJson.Indented));
            else await output.WriteLineAsync($"pipeline '{status.Name}' is {status.State.ToString().ToLowerInvariant()}{(status.Reason is null ? "" : $": {status.Reason}")}");
            return (int)ExitCode.Success;
        });
        return command;
    }
}
