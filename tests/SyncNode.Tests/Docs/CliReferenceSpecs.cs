using System.CommandLine.Parsing;
using System.Reflection;
using PolyglotSync.Cli;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Docs;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Docs;

public sealed class CliReferenceSpecs
{
    [Fact]
    public void The_reference_in_the_docs_is_the_one_that_the_commands_make() =>
        File.ReadAllText(Repository.PathOf("docs/cli.md")).ShouldBe(CliReference.Of(NodeCommands.CreateRoot()), "make it anew: ./polysync cli-docs docs/cli.md");

    [Fact]
    public async Task A_command_writes_it()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-").FullName, "cli.md");
        (await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["cli-docs", file], TextWriter.Null, TextWriter.Null, CancellationToken.None)).ShouldBe((int)ExitCode.Success);
        (await File.ReadAllTextAsync(file)).ShouldBe(CliReference.Of(NodeCommands.CreateRoot()));
    }

    [Fact]
    public void It_has_every_command_with_every_option_and_every_exit_code()
    {
        var text = CliReference.Of(NodeCommands.CreateRoot());
        foreach (var (name, command) in CliReference.Leaves(NodeCommands.CreateRoot(), "polysync"))
        {
            var at = text.IndexOf($"\n### {name}\n", StringComparison.Ordinal);
            at.ShouldBeGreaterThan(0, name);
            var end = text.IndexOf("\n###", at + 4, StringComparison.Ordinal);
            foreach (var option in OptionRows.Own(command)) text[at..end].ShouldContain(option.Name, Case.Sensitive, name);
        }
        foreach (var code in Enum.GetValues<ExitCode>()) text.ShouldContain($"\n| {(int)code} | {ExitCodeTexts.Of(code)} |\n");
        text.ShouldNotContain("{{");
    }

    [Fact]
    public void What_a_default_is_is_said_once()
    {
        foreach (var (name, command) in CliReference.Leaves(NodeCommands.CreateRoot(), "polysync"))
            foreach (var option in OptionRows.Own(command))
                option.Description!.ShouldNotContain("(default)", Case.Insensitive, $"{name} {option.Name}: say '(default: …)' at its end, or give it one");
    }

    public static TheoryData<string> Examples => [.. CliReference.Leaves(NodeCommands.CreateRoot(), "polysync").SelectMany(c => c.Command.Page()!.Examples).Select(e => e.Line)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_what_the_command_line_takes(string line) => NodeCommands.CreateRoot().Parse([.. CommandLineParser.SplitCommandLine(line)]).Errors.ShouldBeEmpty();

    [Fact]
    public void Every_variable_that_the_program_names_is_in_the_reference()
    {
        var named = ((Assembly[])[typeof(NodeCommands).Assembly, typeof(PolysyncCommand).Assembly, typeof(ExitCode).Assembly]).SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.IsLiteral && f.FieldType == typeof(string)).Select(f => (string)f.GetRawConstantValue()!).Where(v => v.StartsWith("POLYSYNC_", StringComparison.Ordinal)).ToList();

        named.Count.ShouldBeGreaterThan(10);
        named.Except(EnvironmentVariables.All.SelectMany(v => v.Names)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_for_developers_so_neither_help_nor_completion_offer_it()
    {
        var output = new StringWriter();
        await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["help"], output, TextWriter.Null, CancellationToken.None);
        await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["completion", "words", "--", "cl"], output, TextWriter.Null, CancellationToken.None);
        output.ToString().ShouldNotContain("cli-docs");
    }
}
