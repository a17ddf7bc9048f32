using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
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
            await options.PrintAsync(parsed, letter, DlqTables.One);
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "One letter as a table of names and values on stdout: key, state, reason, operation, how often, when first and last, position, the row column by column, the Cypher that refused it. Of a message that nobody could read, its text.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("dlq show 7", "with the row and the statement that refused it")],
        });
        return command;
    }
}
