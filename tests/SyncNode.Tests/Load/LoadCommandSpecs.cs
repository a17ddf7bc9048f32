using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

public sealed class LoadCommandSpecs
{
    private static async Task<(ExitCode Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter();
        return ((ExitCode)await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["load", .. args], TextWriter.Null, error, CancellationToken.None), error.ToString());
    }

    [Fact]
    public async Task Every_mistake_is_said_at_once()
    {
        var (code, error) = await RunAsync("--source", "mysql://x/y", "--world", "moon", "--schema", "Public", "--mix", "updatse=1", "--transaction-rows", "5..1", "--skew", "9", "--seed", "-1",
            "--connections", "0", "--rows", "0", "--duration", "0", "--rate", "0", "--fill", "-1", "--watch-target", "ftp://z", "--watch-timeout", "0", "-o", "xml");
        code.ShouldBe(ExitCode.Usage);
        foreach (var mistake in (string[])["the source's address is wrong", "'moon'", "'Public' cannot name it", "'updatse' is none of", "ends before it begins", "--skew takes 0 to 5",
                     "--seed takes 0 to", "--connections takes 1 to 64", "--rows takes 1 to", "--duration takes 0.1 to", "--rate takes 0.001 to", "--fill takes 0 to", "no target speaks 'ftp'",
                     "--watch-timeout takes 0.1 to", "'xml'"])
        {
            error.ShouldContain(mistake);
        }
        error.ShouldEndWith($"try: polysync load --help{Environment.NewLine}");
    }

    [Fact]
    public async Task It_needs_a_source() => (await RunAsync()).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Usage), r => r.Error.ShouldContain("--source"));

    [Fact]
    public async Task A_source_that_does_not_answer_is_exit_code_4()
    {
        var (code, error) = await RunAsync("--source", "postgres://nobody:secret@127.0.0.1:1/nothing");
        code.ShouldBe(ExitCode.SourceUnavailable);
        error.ShouldContain("127.0.0.1:1/nothing");
        error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Help_says_what_is_taken_where_nothing_is_said()
    {
        var output = new StringWriter();
        (await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["load", "--help"], output, TextWriter.Null, CancellationToken.None)).ShouldBe(0);
        foreach (var text in (string[])["inserts=60,updates=30,deletes=8,keys=2", "1..20", "social|orders|keyvalue", "default: 60"]) output.ToString().ShouldContain(text);
    }
}
