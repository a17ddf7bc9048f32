using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Status;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

/// <summary>What the status says of several pipelines, and of several nodes that share their work.</summary>
public sealed class FleetSpecs
{
    private static readonly IReadOnlyList<PartitionStatus> Partitions =
    [
        new("shop.public.orders", 0, "node-1", 10, 0), new("shop.public.orders", 1, "node-2", 7, 3), new("shop.public.users", 0, "node-2", 4, 1), new("shop.public.users", 1, "node-1", 9, 0),
        new("shop.public.users", 2, null, -1, 5),
    ];

    private static PipelineStatus Shared => Polysync.Status("shop") with { Node = "node-3", Order = ChangeOrder.PerKey, Partitions = Partitions, LagMessages = 9 };

    private static PipelineStatus Standby => Polysync.Status("bank") with { Node = "node-3", State = PipelineState.Standby, ActiveNode = "node-2", Reason = "another node has the cuts", LagMessages = 0 };

    [Fact]
    public async Task Several_pipelines_are_a_line_each_with_who_does_the_work_and_how_far_behind_it_is()
    {
        await using var node = Node(Standby, Shared, Polysync.Status() with { Node = "node-3", State = PipelineState.Degraded, Reason = "target: connection refused" });
        var lines = (await Polysync.RunAsync("status", "--api", node.Address)).Out.Split('\n');
        Line(lines, "bank").ShouldSatisfyAllConditions(l => l.ShouldContain("standby"), l => l.ShouldContain("node-2"), l => l.ShouldContain("2.0 KiB, 250 ms"), l => l.ShouldNotContain("1,234"));
        Line(lines, "shop").ShouldContain("a node without a name 1, node-1 2, node-2 2 of 5 partitions");
        Line(lines, "social").ShouldSatisfyAllConditions(l => l.ShouldContain("degraded"), l => l.ShouldContain("target: connection refused"), l => l.ShouldContain("node-3"));
        lines.ShouldContain(l => l.Contains("as node node-3 sees it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_of_several_is_shown_in_full()
    {
        await using var node = Node(Standby, Shared);
        var (code, output, _) = await Polysync.RunAsync("status", "--pipeline", "shop", "--api", node.Address);
        code.ShouldBe(ExitCode.Success);
        foreach (var shown in (string[])["partitions of node-1", "2: orders 0, users 1; 0 messages behind", "partitions of node-2", "2: orders 1, users 0; 4 messages behind"]) output.ShouldContain(shown);
        output.ShouldNotContain("bank");
        var (wrong, _, error) = await Polysync.RunAsync("status", "--pipeline", "shops", "--api", node.Address);
        (wrong, error).ShouldBe((ExitCode.Failed, $"polysync: this node runs no pipeline 'shops'; it runs bank, shop{Environment.NewLine}"));
    }

    [Fact]
    public async Task Who_stands_by_says_who_does_the_work_and_nothing_that_only_that_one_knows()
    {
        await using var node = Node(Standby);
        var output = (await Polysync.RunAsync("status", "--api", node.Address)).Out;
        foreach (var shown in (string[])["node-3", "standby: another node has the cuts", "node-2", "2.0 KiB, 250 ms"]) output.ShouldContain(shown);
        foreach (var hidden in (string[])["rows applied", "in flight", "dead letters", "latency"]) output.ShouldNotContain(hidden);
    }

    [Fact]
    public void A_watch_without_a_terminal_says_it_in_a_line()
    {
        StatusLine.Render(Shared with { Partitions = Partitions.Take(4).ToList() }).ShouldContain(" partitions=node-1:2,node-2:2");
        StatusLine.Render(Standby).ShouldContain(" active=node-2");
    }

    [Fact]
    public void Tables_are_named_without_what_all_topics_begin_with()
    {
        NodeShare.Of([new("p.a.users", 0, "n", 0, null), new("p.b.users", 0, "n", 0, null)]).ShouldHaveSingleItem().ToString().ShouldBe("2: a.users 0, b.users 0");
        NodeShare.Of([new("p.a.users", 2, "n", 0, 7), new("p.a.users", 0, "n", 0, 5)]).ShouldHaveSingleItem().ToString().ShouldBe("2: users 0 2; 12 messages behind");
    }

    [Fact]
    public async Task Incidents_of_all_pipelines_come_the_newest_first_and_name_their_nodes()
    {
        var began = new DateTimeOffset(2026, 11, 30, 7, 0, 0, TimeSpan.Zero);
        await using var node = new FakeNode(path => path == "/api/pipelines" ? (200, JsonSerializer.Serialize(new[] { Standby, Shared }, ApiJson.Options))
            : (200, JsonSerializer.Serialize(new IncidentPage([Moved(path.Contains("/bank/", StringComparison.Ordinal) ? "bank" : "shop", path.Contains("/bank/", StringComparison.Ordinal) ? began : began.AddSeconds(9))], null), ApiJson.Options)));
        var output = (await Polysync.RunAsync("incidents", "--api", node.Address)).Out;
        output.ShouldContain("node-2");
        output.IndexOf("shop", StringComparison.Ordinal).ShouldBeLessThan(output.IndexOf("bank", StringComparison.Ordinal));
    }

    private static IncidentView Moved(string pipeline, DateTimeOffset began) => new()
    {
        Id = 1, Pipeline = pipeline, Role = PipelineRole.Graph, Kind = IncidentKind.Moved, State = IncidentState.Ended, Part = "pipeline", Reason = "the nodes share anew", Began = began, Seconds = 1, Outcome = "it goes on here",
        Retries = 0, CircuitOpenings = 0, Restarts = 0, DeadLetters = 0, Relapses = 0, Node = "node-2",
    };

    private static FakeNode Node(params PipelineStatus[] pipelines) => new(_ => (200, JsonSerializer.Serialize(pipelines, ApiJson.Options)));

    private static string Line(string[] lines, string pipeline) => lines.First(l => l.Contains($"│ {pipeline} ", StringComparison.Ordinal));
}
