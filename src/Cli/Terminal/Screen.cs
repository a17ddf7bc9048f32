using Spectre.Console;

namespace PolyglotSync.Cli.Terminal;

/// <summary>Consoles that keep the rules: data on stdout, messages on stderr, no colour with <c>NO_COLOR</c> or without a terminal.</summary>
public static class Screen
{
    /// <summary>Width of what is written where no terminal says one.</summary>
    public const int PlainWidth = 200;

    public static bool WantsColor => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether the writer is this process's stdout or stderr and a person sees it.</summary>
    public static bool IsTerminal(TextWriter writer) =>
        (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected) || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);

    /// <summary>A console on a writer.</summary>
    /// <param name="interactive">A terminal stands behind it: colours, its width, live views.</param>
    public static IAnsiConsole On(TextWriter writer, bool interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive && WantsColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!interactive) console.Profile.Width = PlainWidth;
        return console;
    }
}
