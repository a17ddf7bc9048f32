using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;

namespace PolyglotSync.SyncNode.Docs;

/// <summary>A command's arguments and options as rows of a table.</summary>
internal static class OptionRows
{
    public const string Head = "| | default | says |\n|---|---|---|\n";

    public static string Of(Argument argument) => Row(Usage(argument), argument.Description!, argument.HasDefaultValue ? argument.GetDefaultValue() : null);

    public static string Of(Option option)
    {
        // a short name first, as in the help
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(n => n.Length).Select(n => $"`{n}`"));
        var value = option.HelpName is { } help ? $" `{help}`" : "";
        return Row($"{names}{value}".Replace("` `", " ", StringComparison.Ordinal), option.Description!, !SaysDefault(option) && option.HasDefaultValue ? option.GetDefaultValue() : null, option.Required ? "needed" : null);
    }

    /// <summary>As on the command line: <c>MANIFEST...</c>, <c>[NAME]</c>.</summary>
    public static string Usage(Argument argument)
    {
        var word = (argument.HelpName ?? argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{word}]" : word;
    }

    public static IEnumerable<Option> Own(Command command) => command.Options.Where(o => !o.Hidden && o is not HelpOption and not VersionOption);

    private static bool SaysDefault(Option option) => option.Description!.Contains("(default: ", StringComparison.Ordinal);

    private static string Row(string name, string description, object? otherwise, string? need = null)
    {
        var (says, said) = Prose.Split(description);
        var value = otherwise switch
        {
            null or false => null,
            string { Length: 0 } => null,
            string text => $"`{text}`",
            IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
            System.Collections.IEnumerable => null,
            _ => $"`{otherwise}`",
        };
        var shown = need ?? said ?? value;
        return $"| {Prose.Cell(name.StartsWith('`') ? name : $"`{name}`")} |{(shown is null ? "" : $" {Prose.Cell(shown)}")} | {Prose.Cell(says)} |\n";
    }
}
