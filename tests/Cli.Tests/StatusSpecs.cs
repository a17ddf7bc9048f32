using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class StatusSpecs
{
    private static FakeNode Node(params PipelineStatus[] pipelines) => new(_ => (200, JsonSerializer.Serialize(pipelines, ApiJson.Options)));

    [Fact]
    public async Task A_table_shows_everything_an_operator_asks_for()
    {
        await using var node = Node(Polysync.Status());
        var (code, output, error) = await Polysync.RunAsync("status", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        error.ShouldBeEmpty();
        foreach (var shown in (string[])
            ["social", "streaming", "bolt://localhost:7687 (transactional)", "polysync_social", "0/20", "0/10", "0/1F", "2.0 KiB, 250 ms", "1,234", "1,000,000",
                "12 rows, 4.0 KiB", "4.2 ms / 17.0 ms", "[deadlock] retried", "copying, 500 rows of about 1,000"])
        {
            output.ShouldContain(shown);
        }
        output.ShouldNotContain("public.posts");
        output.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Where_rows_come_in_order_key_by_key_no_position_of_the_log_is_shown()
    {
        await using var node = Node(Polysync.Status() with { Order = ChangeOrder.PerKey, ReceivedLsn = "0/0", Watermark = "0/0", Slot = "shop.*", LagMessages = 1_500 });
        var (_, output, _) = await Polysync.RunAsync("status", "--api", node.Address);
        foreach (var shown in (string[])["shop.*", "none: rows are in order key by key", "1,500", "250 ms"]) output.ShouldContain(shown);
        foreach (var hidden in (string[])["0/20", "0/10", "0/1F", "slot", "KiB, 250"]) output.ShouldNotContain(hidden);
    }

    [Fact]
    public async Task Json_is_what_the_api_answered()
    {
        await using var node = Node(Polysync.Status(), Polysync.Status("second"));
        var (_, output, _) = await Polysync.RunAsync("status", "-o", "json", "--api", node.Address);
        var read = JsonSerializer.Deserialize<PipelineStatus[]>(output, ApiJson.Options)!;
        read.Select(p => p.Name).ShouldBe(["social", "second"]);
        read[0].State.ShouldBe(PipelineState.Streaming);
        output.ShouldContain("\"state\": \"streaming\"");
        output.ShouldContain("\"watermark\": \"0/1F\"");
    }

    [Theory]
    [InlineData("table", "social"), InlineData("json", "[{\"name\":\"social\"")]
    public async Task Watched_by_a_program_each_look_is_one_line_until_it_is_interrupted(string output, string begins)
    {
        using var interrupted = new CancellationTokenSource();
        var writer = new StringWriter();
        await using var node = new FakeNode(_ => (200, JsonSerializer.Serialize<PipelineStatus[]>([Polysync.Status()], ApiJson.Options)));
        var watching = PolysyncCommand.RunAsync(PolysyncCommand.Create(), ["status", "--watch", "-o", output, "--api", node.Address], new Interrupting(writer, interrupted), TextWriter.Null, interrupted.Token);

        ((ExitCode)await watching).ShouldBe(ExitCode.Interrupted);
        writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldStartWith(begins);
    }

    [Theory]
    [InlineData(PipelineState.Streaming), InlineData(PipelineState.Standby), InlineData(PipelineState.Degraded), InlineData(PipelineState.Failed)]
    public async Task Every_state_is_named_with_its_reason(PipelineState state)
    {
        await using var node = Node(Polysync.Status() with { State = state, Reason = "why it is so" });
        var (_, output, _) = await Polysync.RunAsync("status", "--api", node.Address);
        output.ShouldContain($"{state.ToString().ToLowerInvariant()}: why it is so");
    }

    [Fact]
    public async Task A_node_without_pipelines_says_so()
    {
        await using var node = Node();
        var (code, output, _) = await Polysync.RunAsync("status", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        output.Trim().ShouldBe("no pipelines");
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L * 1024 * 1024 * 1024, "5.0 GiB")]
    public void Bytes_are_printed_for_people(long bytes, string printed) => Amounts.Bytes(bytes).ShouldBe(printed);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0042, "4 ms")]
    [InlineData(2.44, "2.4 s")]
    [InlineData(600, "10 min")]
    public void Seconds_are_printed_for_people(double seconds, string printed) => Amounts.Seconds(seconds).ShouldBe(printed);

    /// <summary>Whoever reads the first line has seen enough.</summary>
    private sealed class Interrupting(TextWriter inner, CancellationTokenSource interrupted) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await inner.WriteLineAsync(value);
            await interrupted.CancelAsync();
        }
    }
}
