using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli;

/// <summary>The <c>polysync</c> command: the root, what every command shares, and how failures become exit codes.</summary>
public static class PolysyncCommand
{
    private static readonly string Description =
        $"Keeps a graph in step with PostgreSQL, live.\n\nBesides the commands below, the script offers:\n{string.Join('\n', ScriptCommands.All.Select(c => $"  {c.Name,-8} {c.Brief}"))}";

    /// <param name="nodeCommands">Commands of the node (run, plan, demo), which need more than the API.</param>
    public static Command Create(params ReadOnlySpan<Command> nodeCommands)
    {
        // Not a RootCommand: that takes its name from the program's file, and a person types polysync.
        var root = new Command("polysync", Description) { new HelpOption(), new VersionOption() };
        foreach (var command in nodeCommands) root.Subcommands.Add(command);
        root.Subcommands.Add(Status.StatusCommand.Create());
        root.Subcommands.Add(Wait.WaitCommand.Create());
        root.Subcommands.Add(Health.HealthCommand.Create());
        foreach (var command in Verbs.VerbCommands.Create()) root.Subcommands.Add(command);
        foreach (var command in (Command[])[Manifests.ApplyCommand.Create(), Manifests.DiffCommand.Create(), Manifests.GetCommand.Create(), Manifests.DeleteCommand.Create()]) root.Subcommands.Add(command);
        root.Subcommands.Add(DeadLetters.DlqCommand.Create());
        root.Subcommands.Add(Incidents.IncidentsCommand.Create());
        root.Subcommands.Add(Completion.CompletionCommand.Create(root));
        return root;
    }

    /// <summary>Parses and runs. Messages of failures go to <paramref name="error"/>; a person's mistake shows no stack trace.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(Command root, IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (args.Count > 0 && args[0] == "help") args = [.. args.Skip(1), "--help"];
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not HelpAction))
        {
            foreach (var mistake in parsed.Errors) await error.WriteLineAsync($"polysync: {Secrets.Hide(mistake.Message)}");
            var path = new Stack<string>();
            for (SymbolResult? at = parsed.CommandResult; at is CommandResult command && command.Command != root; at = at.Parent) path.Push(command.Command.Name);
            await error.WriteLineAsync($"try: polysync {string.Concat(path.Select(name => name + " "))}--help");
            return (int)ExitCode.Usage;
        }
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (PipelineFailure failure)
        {
            await error.WriteLineAsync($"polysync: {Secrets.Hide(failure.Message)}");
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (int)ExitCode.Interrupted;
        }
    }
}
