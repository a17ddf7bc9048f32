using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq list</c>: a page of letters, the newest first.</summary>
internal static class DlqListCommand
{
    public static Command Create()
    {
        var page = new PageOptions("letters", "open", "open", "resolved", "discarded", "all");
        var table = new Option<string?>("--table") { Description = "only of this table", HelpName = "TABLE" };
        var command = new Command("list", "list dead letters, the newest first") { table };
        page.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await page.PrintAsync(parsed, ("table", parsed.GetValue(table)), isOfGraphs: true, async (client, pipeline, query) =>
            {
                var letters = await client.DeadLettersAsync(pipeline, query, cancellationToken);
                return (letters.Letters, letters.Next);
            }, DlqTables.List, cancellationToken);
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "A letter a row on stdout: id, pipeline, table, key, state, how often, when last, why; or `no dead letters`. As JSON without rows. Where there are more, stderr says with which `--before` the next page begins.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("dlq list", "the open ones of all pipelines"), new("dlq list --state all --table public.users", "whatever became of one table's"), new("dlq list -o json --limit 500", "for another program")],
        });
        return command;
    }
}
