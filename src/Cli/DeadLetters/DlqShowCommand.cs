using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq show ID</c>: one letter with its row and the statement that refused it.</summary>
internal static class DlqShowCommand
{
    public static Command Create()
    {
        var options = new PipelineOptions();
        var id = new Argument<long>("id") { Description = "the letter, as 'dlq list' numbers it", HelpName = "ID" };
        var command = new Command("show", "show a dead letter: row, reason, Cypher, position, times") { id };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var letter = await client.DeadLetterAsync(await options.PipelineAsync(client, parsed, cancellationToken), parsed.GetValue(id), cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            if (options.IsJson(parsed)) await output.WriteLineAsync(JsonSerializer.Serialize(letter, ApiJson.Indented));
            else Screen.On(output, Screen.IsTerminal(output)).Write(DlqTables.One(letter));
            return (int)ExitCode.Success;
        });
        return command;
    }
}
