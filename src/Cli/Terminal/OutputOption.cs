using System.CommandLine;

namespace PolyglotSync.Cli.Terminal;

/// <summary><c>-o table|json</c>: how a command prints its data.</summary>
public static class OutputOption
{
    public static Option<string> Create() => Create("table");

    /// <param name="otherwise">What it prints where nothing is said; the other choice is JSON.</param>
    public static Option<string> Create(string otherwise)
    {
        var option = new Option<string>("--output", "-o") { Description = "how to print it", HelpName = $"{otherwise}|json", DefaultValueFactory = _ => otherwise };
        option.AcceptOnlyFromAmong(otherwise, "json");
        return option;
    }

    public static bool IsJson(this ParseResult parsed, Option<string> output)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetValue(output) == "json";
    }
}
