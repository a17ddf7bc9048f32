using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class VerbSpecs
{
    private static FakeNode Node(params string[] pipelines) => new(path => path == "/api/pipelines"
        ? (200, JsonSerializer.Serialize(pipelines.Select(Polysync.Status), ApiJson.Options))
        : path.EndsWith("/pause", StringComparison.Ordinal)
            ? (200, JsonSerializer.Serialize(Polysync.Status() with { State = PipelineState.Paused, Reason = "new disks" }, ApiJson.Options))
            : path.EndsWith("/resume", StringComparison.Ordinal) || path.EndsWith("/restart", StringComparison.Ordinal)
                ? (200, JsonSerializer.Serialize(Polysync.Status() with { State = PipelineState.Starting }, ApiJson.Options))
                : (404, "{\"error\": \"no\"}"));

    private static string TokenFile()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-").FullName, "token");
        File.WriteAllText(file, "0123456789abcdef\n");
        return file;
    }

    [Fact]
    public async Task A_pause_says_why_and_shows_what_became_of_it()
    {
        await using var node = Node("social");
        var (code, output, error) = await Polysync.RunAsync("pause", "--reason", "new disks", "--api", node.Address, "--token-file", TokenFile());
        (code, output.Trim(), error).ShouldBe((ExitCode.Success, "pipeline 'social' is paused: new disks", ""));
        node.Requests[^1].ShouldBe(("POST", "/api/pipelines/social/pause", "{\"reason\":\"new disks\"}", "Bearer 0123456789abcdef"));
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("restart")]
    public async Task The_other_verbs_name_the_pipeline_and_nothing_else(string verb)
    {
        await using var node = Node("social", "shop");
        var (code, output, _) = await Polysync.RunAsync(verb, "--pipeline", "social", "-o", "json", "--api", node.Address, "--token-file", TokenFile());
        code.ShouldBe(ExitCode.Success);
        JsonSerializer.Deserialize<PipelineStatus>(output, ApiJson.Options)!.State.ShouldBe(PipelineState.Starting);
        node.Requests.Select(r => (r.Method, r.Path, r.Body)).ShouldBe([("POST", $"/api/pipelines/social/{verb}", "")]);
    }

    [Fact]
    public async Task Of_several_pipelines_one_must_be_named()
    {
        await using var node = Node("social", "shop");
        var (code, _, error) = await Polysync.RunAsync("pause", "--api", node.Address, "--token-file", TokenFile());
        code.ShouldBe(ExitCode.Usage);
        error.ShouldContain("social, shop");
        error.ShouldContain("--pipeline");
    }

    [Fact]
    public async Task A_capture_of_its_own_is_resumed_without_its_name()
    {
        await using var node = new FakeNode(path => (200, path == "/api/pipelines"
            ? JsonSerializer.Serialize(new[] { Polysync.Status("shop") with { Role = PipelineRole.Capture } }, ApiJson.Options)
            : JsonSerializer.Serialize(Polysync.Status("shop") with { Role = PipelineRole.Capture, State = PipelineState.Starting }, ApiJson.Options)));
        var (code, output, _) = await Polysync.RunAsync("resume", "--api", node.Address, "--token-file", TokenFile());
        (code, output.Trim()).ShouldBe((ExitCode.Success, "pipeline 'shop' is starting"));
        node.Asked[^1].ShouldBe("/api/pipelines/shop/resume");
    }

    [Fact]
    public async Task What_the_node_refuses_is_said()
    {
        await using var node = new FakeNode(_ => (403, "{\"error\": \"the token is not this node's\"}"));
        var (code, _, error) = await Polysync.RunAsync("restart", "--pipeline", "social", "--api", node.Address, "--token-file", TokenFile());
        (code, error.Trim()).ShouldBe((ExitCode.Unauthorized, "polysync: the token is not this node's"));
    }
}
