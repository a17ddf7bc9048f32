using System.CommandLine;
using System.CommandLine.Completions;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Completion;

/// <summary><c>polysync completion SHELL</c> prints a script that asks the program itself what may follow.</summary>
public static class CompletionCommand
{
    public static Command Create(Command root)
    {
        var shell = new Argument<string>("shell") { Description = "the shell", HelpName = "bash|zsh|fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "print a completion script for a shell: source <(polysync completion bash)") { shell };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(ShellScripts.For(parsed.GetRequiredValue(shell)));
            return (int)ExitCode.Success;
        });
        command.Subcommands.Add(CreateWords(root));
        command.Document(new CommandPage
        {
            Prints = "The script on stdout. It asks the program itself what may follow, so it never goes stale.",
            Examples = [new("completion bash", "`source <(./polysync completion bash)` in `~/.bashrc`"), new("completion zsh", "`source <(./polysync completion zsh)` in `~/.zshrc`, after `compinit`"), new("completion fish", "`./polysync completion fish | source`")],
        });
        return command;
    }

    /// <summary>What the scripts call: the words so far, the last one unfinished.</summary>
    private static Command CreateWords(Command root)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("words", "what may follow") { words };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            foreach (var word in Complete(root, parsed.GetValue(words) ?? [])) parsed.InvocationConfiguration.Output.WriteLine(word);
            return (int)ExitCode.Success;
        });
        return command;
    }

    internal static IReadOnlyList<string> Complete(Command root, IReadOnlyList<string> words)
    {
        var unfinished = words.Count > 0 ? words[^1] : "";
        var line = string.Join(' ', words);
        var parsed = root.Parse(line);
        var completions = parsed.GetCompletions(line.Length).Select(c => c.Label);
        // Where a file may stand (run, plan), nothing else is offered before a dash is typed: the shell then offers files.
        if (!unfinished.StartsWith('-') && parsed.CommandResult.Command.Arguments.Any(a => a.CompletionSources.Count == 0)) completions = completions.Where(c => !c.StartsWith('-'));
        if (words.Count <= 1) completions = completions.Concat(ScriptCommands.All.Select(c => c.Name));
        else if (words is [var first, _] && ScriptCommands.All.FirstOrDefault(c => c.Name == first) is { } script) completions = script.Words;
        return [.. completions.Where(c => c.StartsWith(unfinished, StringComparison.Ordinal) && c is not ("/?" or "/h" or "-?")).Distinct().Order(StringComparer.Ordinal)];
    }
}
