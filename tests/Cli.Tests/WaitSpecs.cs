using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class WaitSpecs
{
    private static string Answer(string pipeline, bool reached) => JsonSerializer.Serialize(new WatermarkAnswer(pipeline, "0/30", reached), ApiJson.Options);

    [Fact]
    public async Task Reaching_the_lsn_is_success_and_prints_the_watermark()
    {
        await using var node = new FakeNode(_ => (200, Answer("social", reached: true)));
        var (code, output, error) = await Polysync.RunAsync("wait", "--lsn", "0/2A", "-p", "social", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        output.Trim().ShouldBe("0/30");
        error.ShouldBeEmpty();
        node.Asked.ShouldBe(["/api/pipelines/social/watermark?wait=0%2F2A&timeout=20000"]);
    }

    [Fact]
    public async Task Not_reaching_it_is_exit_code_8()
    {
        await using var node = new FakeNode(_ => (200, Answer("social", reached: false)));
        var (code, _, error) = await Polysync.RunAsync("wait", "--now", "-p", "social", "--timeout", "0.1", "--api", node.Address);
        code.ShouldBe(ExitCode.TimedOut);
        error.ShouldContain("'social' is at 0/30 after 0.1 s");
    }

    [Fact]
    public async Task One_that_was_not_waited_for_says_why_and_no_time()
    {
        var answer = new WatermarkAnswer("social", "0/30", false) { Reason = "it is standby: another node has the cuts" };
        await using var node = new FakeNode(_ => (200, JsonSerializer.Serialize(answer, ApiJson.Options)));
        var (code, _, error) = await Polysync.RunAsync("wait", "--now", "-p", "social", "--api", node.Address);
        (code, error.Trim()).ShouldBe((ExitCode.TimedOut, "polysync: pipeline 'social' is at 0/30 and was not waited for: it is standby: another node has the cuts"));
    }

    [Fact]
    public async Task Without_a_name_all_pipelines_of_the_node_are_waited_for()
    {
        await using var node = new FakeNode(path => (200, path == "/api/pipelines"
            ? JsonSerializer.Serialize<PipelineStatus[]>([Polysync.Status("a"), Polysync.Status("b")], ApiJson.Options)
            : Answer(path.Contains("/a/", StringComparison.Ordinal) ? "a" : "b", reached: true)));
        var (code, output, _) = await Polysync.RunAsync("wait", "--now", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["a 0/30", "b 0/30"]);
        node.Asked.ShouldContain(p => p.StartsWith("/api/pipelines/b/watermark?wait=now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_without_pipelines_has_nothing_to_wait_for()
    {
        await using var node = new FakeNode(_ => (200, "[]"));
        var (code, _, error) = await Polysync.RunAsync("wait", "--now", "--api", node.Address);
        code.ShouldBe(ExitCode.Failed);
        error.ShouldContain("nothing to wait for");
    }
}
