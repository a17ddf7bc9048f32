using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Docs;

/// <summary><c>polysync cli-docs FILE</c>: writes the reference of the command line. For developers, so hidden.</summary>
internal static class CliDocsCommand
{
    public static Command Create(Command root)
    {
        var file = new Argument<string>("file") { Description = "what to write (docs/cli.md)", HelpName = "FILE" };
        var command = new Command("cli-docs", "write the reference of the command line anew") { file };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            await DocsFile.WriteAsync(parsed.GetRequiredValue(file), _ => CliReference.Of(root), stop);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
