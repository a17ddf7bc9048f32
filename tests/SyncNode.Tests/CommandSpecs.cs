using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class CommandSpecs
{
    private static async Task<(ExitCode Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter();
        return ((ExitCode)await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), args, TextWriter.Null, error, CancellationToken.None), error.ToString());
    }

    [Theory]
    [InlineData("run ", "")]
    [InlineData("plan x", "")]
    [InlineData("capture ", "")]
    [InlineData("capture --lo", "--log-level")]
    [InlineData("plan --so", "--source")]
    [InlineData("run --consistency ", "parallel transactional")]
    public async Task Completion_leaves_manifests_to_the_shell_and_knows_values(string line, string offered)
    {
        var output = new StringWriter();
        await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["completion", "words", "--", .. line.Split(' ')], output, TextWriter.Null, CancellationToken.None);
        string.Join(' ', output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(offered);
    }

    [Fact]
    public async Task Help_names_every_command_of_the_program()
    {
        var output = new StringWriter();
        (await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["help"], output, TextWriter.Null, CancellationToken.None)).ShouldBe(0);
        foreach (var command in (string[])["demo", "run", "capture", "plan", "init", "schema", "status", "wait", "apply", "diff", "get", "delete", "query", "load", "completion"]) output.ToString().ShouldContain($"\n  {command} ");
        output.ToString().ShouldContain("polysync [command]");
    }

    [Theory]
    [InlineData("say a manifest, or --source DSN and --target URI", "run")]
    [InlineData("say a manifest, or --source DSN and --target URI", "run", "--source", "postgres://x/y")]
    [InlineData("not both", "run", "a.yaml", "--source", "postgres://x/y")]
    [InlineData("say a manifest, or --source DSN", "plan")]
    [InlineData("--rows takes", "demo", "--rows", "3")]
    [InlineData("--for takes", "demo", "--for", "0")]
    [InlineData("is not a broker's address", "demo", "--kafka", "localhost")]
    [InlineData("'pigeon'", "demo", "--transport", "pigeon")]
    [InlineData("cannot name a pipeline", "run", "--source", "postgres://x/y", "--target", "bolt://z", "--name", "a b")]
    [InlineData("'sometimes'", "run", "--source", "postgres://x/y", "--target", "bolt://z", "--consistency", "sometimes")]
    [InlineData("no target speaks 'ftp'", "query", "--target", "ftp://z", "RETURN 1")]
    [InlineData("--target", "query", "RETURN 1")]
    [InlineData("no target speaks 'ftp'", "run", "--source", "postgres://x/y", "--target", "ftp://z")]
    [InlineData("the source's address is wrong", "run", "--source", "mysql://x/y", "--target", "bolt://z")]
    public async Task A_wrong_command_line_is_exit_code_2(string message, params string[] args)
    {
        var (code, error) = await RunAsync(args);
        code.ShouldBe(ExitCode.Usage);
        error.ShouldContain(message);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_exit_code_11()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-").FullName, "shop.yaml");
        await File.WriteAllTextAsync(file, "pipeline: shop\nsource: { dsn: postgres://u@127.0.0.1:1/shop }\ntarget: { uri: bolt://127.0.0.1:1 }\nkafka: { bootstrap_servers: [127.0.0.1:1], prefix: shop, connect_timeout_ms: 500 }\n");
        var (code, error) = await RunAsync("run", file);
        code.ShouldBe(ExitCode.BrokerUnavailable);
        error.ShouldContain("127.0.0.1:1");
    }

    [Theory]
    [InlineData("", "has no section 'kafka'")]
    [InlineData("kafka: { bootstrap_servers: ['127.0.0.1:1'] }", "write kafka.capture: separate")]
    [InlineData("kafka: { bootstrap_servers: ['127.0.0.1:1'], capture: debezium }\nconsistency: parallel", "Debezium writes its topics")]
    public async Task A_capture_that_nobody_asked_for_is_refused(string kafka, string message)
    {
        var (code, error) = await RunAsync("capture", await ManifestAsync(kafka));
        code.ShouldBe(ExitCode.InvalidManifest);
        error.ShouldContain("pipeline 'shop'");
        error.ShouldContain(message);
    }

    [Fact]
    public async Task A_capture_needs_no_target_but_its_source()
    {
        var (code, error) = await RunAsync("capture", await ManifestAsync("kafka: { bootstrap_servers: ['127.0.0.1:1'], capture: separate }"));
        code.ShouldBe(ExitCode.SourceUnavailable);
        error.ShouldContain("127.0.0.1");
    }

    private static async Task<string> ManifestAsync(string kafka)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-").FullName, "shop.yaml");
        await File.WriteAllTextAsync(file, $"pipeline: shop\nsource: {{ dsn: postgres://u@127.0.0.1:1/shop }}\n{kafka}\n");
        return file;
    }

    [Fact]
    public async Task A_manifest_that_is_not_there_is_exit_code_3()
    {
        var (code, error) = await RunAsync("run", "/does/not/exist.yaml");
        code.ShouldBe(ExitCode.InvalidManifest);
        error.ShouldContain("/does/not/exist.yaml cannot be read");
    }

    [Theory]
    [InlineData("bolt://127.0.0.1:1")]
    [InlineData("falkor://127.0.0.1:1/g")]
    public async Task A_target_that_does_not_answer_is_exit_code_6(string target)
    {
        var (code, error) = await RunAsync("query", "--target", target, "RETURN 1");
        code.ShouldBe(ExitCode.TargetUnavailable);
        error.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_exit_code_4()
    {
        var (code, error) = await RunAsync("plan", "--source", "postgres://nobody@127.0.0.1:1/nothing");
        code.ShouldBe(ExitCode.SourceUnavailable);
        error.ShouldContain("127.0.0.1");
    }
}
