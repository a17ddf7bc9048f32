using System.CommandLine;
using System.Globalization;
using System.Text;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Docs;

/// <summary>docs/cli.md, whole: the template beside this file, with what the commands, exit codes and variables say put in.</summary>
internal static class CliReference
{
    /// <summary>An option that so many commands have alike stands in one table for all of them.</summary>
    private const int Shared = 4;

    public static string Of(Command root)
    {
        var commands = Leaves(root, root.Name).ToList();
        var shared = commands.SelectMany(c => OptionRows.Own(c.Command).Select(OptionRows.Of)).CountBy(row => row).Where(row => row.Value >= Shared).Select(row => row.Key).ToHashSet();
        return Template()
            .Replace("{{index}}", Table("| command | does |", commands.Select(c => $"| {Link(c.Name)} | {Prose.Cell(Prose.Code(c.Command.Description!))} |")), StringComparison.Ordinal)
            .Replace("{{script index}}", Table("| command | does |", ScriptCommands.All.Select(c => $"| {Link($"{root.Name} {c.Name}")} | {Prose.Cell(c.Brief)} |")), StringComparison.Ordinal)
            .Replace("{{commands}}", string.Join("\n\n", commands.Select(c => Section(c.Name, c.Command, shared))), StringComparison.Ordinal)
            .Replace("{{script}}", string.Join("\n\n", ScriptCommands.All.Select(c => $"### {root.Name} {c.Name}\n\n`{$"{root.Name} {c.Name} {c.Usage}".TrimEnd()}`\n\n{c.Page}")), StringComparison.Ordinal)
            .Replace("{{shared options}}", (OptionRows.Head + string.Concat(commands.SelectMany(c => OptionRows.Own(c.Command).Select(OptionRows.Of)).Distinct().Where(shared.Contains))).TrimEnd(), StringComparison.Ordinal)
            .Replace("{{exit codes}}", Table("| code | means |", Enum.GetValues<ExitCode>().Select(code => $"| {Number(code)} | {ExitCodeTexts.Of(code)} |")), StringComparison.Ordinal)
            .Replace("{{variables}}", Table("| variable | says |", EnvironmentVariables.All.Select(v => $"| {string.Join(", ", v.Names.Select(n => $"`{n}`"))} | {v.Says} |")), StringComparison.Ordinal);
    }

    /// <summary>The commands that do something, with the words that call them.</summary>
    public static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => c.Subcommands.Any(s => !s.Hidden) ? Leaves(c, $"{name} {c.Name}") : [($"{name} {c.Name}", c)]);

    private static string Section(string name, Command command, HashSet<string> shared)
    {
        var page = command.Page() ?? throw new InvalidOperationException($"the command '{name}' has no page for the reference");
        var own = OptionRows.Own(command).Select(o => (Option: o, Row: OptionRows.Of(o))).ToList();
        var rows = command.Arguments.Select(OptionRows.Of).Concat(own.Where(o => !shared.Contains(o.Row)).Select(o => o.Row)).ToList();
        var also = own.Where(o => shared.Contains(o.Row)).Select(o => $"`{o.Option.Name}`").ToList();
        var text = new StringBuilder($"### {name}\n\n{Prose.Sentence(command.Description!)}\n\n`{Usage(name, command)}`\n\n");
        if (rows.Count > 0) text.Append(OptionRows.Head).Append(string.Concat(rows)).Append('\n');
        if (also.Count > 0) text.Append(CultureInfo.InvariantCulture, $"And, [of many commands](#options-of-many-commands): {string.Join(", ", also)}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"**Prints.** {page.Prints}\n");
        if (page.Codes.Count > 0) text.Append(CultureInfo.InvariantCulture, $"\n**[Exit codes](#exit-codes).** {string.Join("; ", page.Codes.OrderBy(c => c.Code).Select(c => $"{Number(c.Code)}: {c.Says ?? ExitCodeTexts.Of(c.Code)}"))}.\n");
        if (page.More is { } more) text.Append(CultureInfo.InvariantCulture, $"\n{more}\n");
        if (page.Examples.Count > 0) text.Append('\n').AppendJoin('\n', page.Examples.Select(e => $"- `polysync {e.Line}`: {e.Says}")).Append('\n');
        return text.ToString().TrimEnd();
    }

    private static string Usage(string name, Command command)
    {
        var words = command.Arguments.Select(OptionRows.Usage).Concat(command.Options.Where(o => o.Required).Select(o => $"{o.Name} {o.HelpName}"));
        return string.Join(' ', [name, .. words, .. OptionRows.Own(command).Any(o => !o.Required) ? ["[options]"] : Array.Empty<string>()]);
    }

    private static string Link(string name) => $"[`{name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]}`](#{name.Replace(' ', '-')})";

    private static string Number(ExitCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    private static string Table(string head, IEnumerable<string> rows) => $"{head}\n|---|---|\n{string.Join('\n', rows)}";

    private static string Template()
    {
        using var reader = new StreamReader(typeof(CliReference).Assembly.GetManifestResourceStream("cli.md")!);
        return reader.ReadToEnd();
    }
}
