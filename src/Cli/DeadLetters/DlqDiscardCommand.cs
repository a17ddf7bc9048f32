using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq discard</c>: closes letters; the graph stays without their rows.</summary>
internal static class DlqDiscardCommand
{
    public static Command Create()
    {
        var options = new PipelineOptions();
        var selection = new DlqSelection();
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask; needed where there is no terminal" };
        var command = new Command("discard", "close dead letters: the graph stays as it is until a later change brings the whole row");
        selection.AddTo(command);
        command.Options.Add(yes);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var which = selection.Read(parsed);
            if (!parsed.GetValue(yes) && !Agrees(DlqSelection.Describe(which), parsed.InvocationConfiguration.Error)) return (int)ExitCode.Failed;
            using var client = options.Client(parsed);
            var pipeline = await options.PipelineAsync(client, parsed, cancellationToken);
            var closed = await client.ChangeDeadLettersAsync(pipeline, "discard", which, cancellationToken);
            await options.PrintAsync(parsed, closed, ids => ids.Ids.Count == 1 ? $"dead letter {ids.Ids[0]} is discarded" : $"{ids.Ids.Count} dead letters are discarded");
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "How many letters were closed, on stdout. It asks on stderr first, unless `--yes` is there; a no is code 1.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("dlq discard 8 --yes", "leave the row out"), new("dlq discard --table public.prices --yes", "all open letters of a table")],
            More = "What discarding means: [dead letters](operations.md#dead-letters).",
        });
        return command;
    }

    /// <exception cref="PipelineFailure">Nobody can be asked.</exception>
    private static bool Agrees(string what, TextWriter error)
    {
        if (Console.IsInputRedirected) throw new PipelineFailure(FailureClass.Fatal, $"nobody is there to be asked: add --yes to discard {what}") { ExitCode = ExitCode.Usage };
        error.Write($"discard {what}? The graph stays without their rows. [y/N] ");
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes") return true;
        error.WriteLine("polysync: nothing was discarded");
        return false;
    }
}
