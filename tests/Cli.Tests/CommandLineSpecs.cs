using System.CommandLine;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class CommandLineSpecs
{
    [Theory]
    [InlineData("stauts")]
    [InlineData("status", "--what")]
    [InlineData("status", "-o", "xml")]
    [InlineData("status", "--api", "localhost")]
    [InlineData("wait")]
    [InlineData("wait", "--now", "--lsn", "0/10")]
    [InlineData("wait", "--lsn", "16B3748")]
    [InlineData("wait", "--now", "--timeout", "-1")]
    [InlineData("completion", "tcsh")]
    [InlineData("dlq", "list", "--limit", "0")]
    [InlineData("dlq", "list", "--state", "closed")]
    [InlineData("dlq", "show")]
    [InlineData("dlq", "show", "seven")]
    [InlineData("dlq", "retry")]
    [InlineData("dlq", "retry", "7", "--all")]
    [InlineData("dlq", "retry", "--all", "--table", "t")]
    [InlineData("dlq", "retry", "--all", "--timeout", "-1")]
    [InlineData("dlq", "discard", "--yes")]
    public async Task A_wrong_command_line_is_exit_code_2_with_a_message_on_stderr(params string[] args)
    {
        var (code, output, error) = await Polysync.RunAsync(args);
        code.ShouldBe(ExitCode.Usage);
        error.ShouldContain("polysync: ");
        error.ShouldContain("--help");
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_names_every_command_and_those_of_the_script()
    {
        var (code, output, _) = await Polysync.RunAsync("help");
        code.ShouldBe(ExitCode.Success);
        foreach (var word in (string[])["status", "wait", "dlq", "completion", "setup", "test", "format"]) output.ShouldContain(word);
        output.ShouldNotContain("words");
    }

    [Fact]
    public async Task No_node_is_exit_code_7_and_says_what_to_do()
    {
        var (code, _, error) = await Polysync.RunAsync("status", "--api", $"http://127.0.0.1:{FakeNode.FreePort()}");
        code.ShouldBe(ExitCode.NodeUnavailable);
        error.ShouldContain("no node answers at");
        error.ShouldContain("polysync run");
    }

    [Fact]
    public async Task Something_else_that_listens_is_not_taken_for_a_node()
    {
        await using var node = new FakeNode(_ => (200, "<html>"));
        var (code, _, error) = await Polysync.RunAsync("status", "--api", node.Address);
        code.ShouldBe(ExitCode.NodeUnavailable);
        error.ShouldContain("not a PolyglotSync node");
    }

    [Fact]
    public async Task An_error_of_the_node_is_shown_with_its_hint()
    {
        await using var node = new FakeNode(_ => (404, """{"error":"this node runs no pipeline 'x'","hint":"it runs social"}"""));
        var (code, _, error) = await Polysync.RunAsync("wait", "--lsn", "0/10", "-p", "x", "--api", node.Address);
        code.ShouldBe(ExitCode.Failed);
        error.ShouldContain("this node runs no pipeline 'x'; it runs social");
    }

    [Fact]
    public void Every_command_that_asks_a_node_can_be_told_whom_to_trust()
    {
        var asking = Leaves(PolysyncCommand.Create()).Where(c => c.Options.Any(o => o.Name == "--api")).ToList();
        asking.Count.ShouldBeGreaterThan(10);
        asking.Where(c => c.Options.All(o => o.Name != "--api-ca")).Select(c => c.Name).ShouldBeEmpty();
    }

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_completion_script_asks_the_program_itself(string shell)
    {
        var (code, output, _) = await Polysync.RunAsync("completion", shell);
        code.ShouldBe(ExitCode.Success);
        output.ShouldContain("completion words --");
    }

    [Theory]
    [InlineData("st", new[] { "status" })]
    [InlineData("te", new[] { "test" })]
    [InlineData("be", new[] { "bench" })]
    [InlineData("bench m", new[] { "micro" })]
    [InlineData("test u", new[] { "all", "faults", "integration", "unit" }, "unit")]
    [InlineData("status --w", new[] { "--watch" })]
    [InlineData("status -o ", new[] { "json", "table" })]
    [InlineData("wait --l", new[] { "--lsn" })]
    [InlineData("dlq r", new[] { "retry" })]
    [InlineData("dlq list --state d", new[] { "discarded" })]
    [InlineData("dlq discard --y", new[] { "--yes" })]
    public async Task Completion_offers_what_may_follow(string line, string[] offered, string? only = null)
    {
        var (_, output, _) = await Polysync.RunAsync(["completion", "words", "--", .. line.Split(' ')]);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(only is null ? offered : [only]);
    }
}
