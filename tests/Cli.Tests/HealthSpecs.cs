using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class HealthSpecs
{
    [Fact]
    public async Task A_process_that_answers_is_live()
    {
        await using var node = new FakeNode(_ => (200, "{\"status\":\"live\"}"));
        var (code, output, error) = await Polysync.RunAsync("health", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        output.Trim().ShouldBe("live");
        error.ShouldBeEmpty();
        node.Asked.ShouldBe(["/health/live"]);
    }

    [Fact]
    public async Task Whether_pipelines_move_is_another_question()
    {
        var answer = new HealthAnswer("ready", [new("social", PipelineRole.Graph, PipelineState.Standby), new("social", PipelineRole.Capture, PipelineState.Streaming)]);
        await using var node = new FakeNode(_ => (200, JsonSerializer.Serialize(answer, ApiJson.Options)));
        var (code, output, _) = await Polysync.RunAsync("health", "--ready", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        output.Trim().ShouldBe("ready: social standby, social (capture) streaming");
        node.Asked.ShouldBe(["/health/ready"]);
    }

    [Fact]
    public async Task Not_ready_is_exit_code_1_and_says_why()
    {
        await using var node = new FakeNode(_ => (503, JsonSerializer.Serialize(new ApiError("pipeline 'social' is degraded: bolt://graph:7687 is away"), ApiJson.Options)));
        var (code, output, error) = await Polysync.RunAsync("health", "--ready", "--api", node.Address);
        code.ShouldBe(ExitCode.Failed);
        output.ShouldBeEmpty();
        error.ShouldContain("is degraded: bolt://graph:7687 is away");
    }

    [Fact]
    public async Task Nobody_there_is_exit_code_7()
    {
        var (code, _, error) = await Polysync.RunAsync("health", "--api", $"http://127.0.0.1:{FakeNode.FreePort()}");
        code.ShouldBe(ExitCode.NodeUnavailable);
        error.ShouldContain("no node answers");
    }

    [Fact]
    public async Task A_node_that_listens_on_every_interface_is_asked_on_loopback()
    {
        await using var node = new FakeNode(_ => (200, "{\"status\":\"live\"}"));
        (await Polysync.RunAsync("health", "--api", node.Address.Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal))).Code.ShouldBe(ExitCode.Success);
        node.Asked.ShouldBe(["/health/live"]);
    }
}
