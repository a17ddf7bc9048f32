using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class IncidentSpecs
{
    private static readonly DateTimeOffset Began = new(2026, 11, 30, 7, 12, 3, TimeSpan.Zero);

    private static IncidentView Outage(long id, string pipeline) => new()
    {
        Id = id, Pipeline = pipeline, Role = PipelineRole.Graph, Kind = IncidentKind.Outage, State = IncidentState.Ended, Part = "target", Reason = "target: connection refused",
        Began = Began, Ended = Began.AddSeconds(24.3), Seconds = 24.3, Outcome = "it went away", Retries = 14, CircuitOpenings = 1, Restarts = 0, DeadLetters = 0, Relapses = 0, Node = "n1",
    };

    private static FakeNode Node(long? next = null, params string[] pipelines) => new(path => path == "/api/pipelines"
        ? (200, JsonSerializer.Serialize(pipelines.Select(Polysync.Status), ApiJson.Options))
        : path.Contains("/incidents?", StringComparison.Ordinal)
            ? (200, JsonSerializer.Serialize(new IncidentPage([Outage(7, path.Split('/')[3])], next), ApiJson.Options))
            : (404, "{\"error\": \"no\"}"));

    [Fact]
    public async Task Incidents_of_all_pipelines_are_shown_with_how_long_and_what_was_done()
    {
        await using var node = Node(null, "social", "shop");
        var (code, output, error) = await Polysync.RunAsync("incidents", "--api", node.Address, "--since", "24h");
        (code, error).ShouldBe((ExitCode.Success, ""));
        foreach (var words in (string[])["social", "shop", "outage", "2026-11-30 07:12:03", "24.3 s", "connection refused", "retried 14 times", "circuit opened once", "it went away"]) output.ShouldContain(words);
        node.Asked[1..].ShouldBe(["/api/pipelines/social/incidents?state=all&limit=50&since=24h", "/api/pipelines/shop/incidents?state=all&limit=50&since=24h"]);
    }

    [Fact]
    public async Task There_is_a_next_page_and_JSON()
    {
        await using var node = Node(7, "social");
        var (code, output, error) = await Polysync.RunAsync("incidents", "-o", "json", "--pipeline", "social", "--state", "open", "--limit", "1", "--before", "9", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        JsonSerializer.Deserialize<IncidentView[]>(output, ApiJson.Options)!.ShouldHaveSingleItem().ShouldBe(Outage(7, "social"));
        error.ShouldContain("--before 7");
        node.Asked.ShouldBe(["/api/pipelines/social/incidents?state=open&limit=1&before=9"]);
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--limit", "0")]
    [InlineData("--state", "closed")]
    public async Task What_makes_no_sense_is_said(string option, string value) =>
        (await Polysync.RunAsync("incidents", option, value)).Code.ShouldBe(ExitCode.Usage);

    [Fact]
    public async Task The_status_shows_the_one_that_lasts_and_since_when()
    {
        var open = new OpenIncident(IncidentKind.Outage, Began, "target", "target: connection refused", 3, 0, 1, 0);
        await using var node = new FakeNode(_ => (200, JsonSerializer.Serialize(new[] { Polysync.Status() with { Incident = open } }, ApiJson.Options)));
        (await Polysync.RunAsync("status", "--api", node.Address)).Out.ShouldContain("outage since 2026-11-30 07:12:03 UTC: target: connection refused; retried 3 times, started again once");
        PolyglotSync.Cli.Status.StatusLine.Render(Polysync.Status() with { Incident = open }).ShouldContain("incident=outage@2026-11-30T07:12:03Z");
    }
}
