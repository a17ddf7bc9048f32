using System.Diagnostics;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Compare;
using PolyglotSync.SyncNode.Demo.View;
using Shouldly;
using Spectre.Console;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class DemoViewSpecs
{
    private static readonly PipelineStatus Status = new()
    {
        Name = "social", State = PipelineState.Streaming, Since = DateTimeOffset.UnixEpoch, Target = "falkor://x/social", Consistency = Consistency.Transactional,
        Slot = "polysync_social", ReceivedLsn = "0/20", FlushedLsn = "0/10", Watermark = "0/1F", LagBytes = 2048, LagSeconds = 0.25, RowsPerSecond = 1234,
        RowsApplied = 5000, RowsInFlight = 12, BytesInFlight = 4096, DeadLetters = 0, Retries = 0,
        LastChanges = ["CREATE (:User {id: 7})-[:FOLLOWS {since: '2026-01-01'}]->(:User {id: 9})", $"SET (:Post {{id: 1, body: '{new string('x', 200)}'}})"],
    };

    private static DemoGlance Glance() => new(3.2, 20, 600, new LiveRates(), Status, (3.4, 21.5, 80));

    [Fact]
    public void The_live_panel_shows_rates_latency_watermark_lag_and_patterns_within_its_width()
    {
        var text = Drawn(LivePanel.Render(Glance(), Console(80).Profile), 80);
        foreach (var shown in (string[])["● streaming", "3 of 20 s", "600 so far", "p50 3.4 ms", "p99 21.5 ms", "0/1F", "2.0 KiB, 250 ms", "12 rows, 4.0 KiB", "-[:FOLLOWS {since: '2026-01-01'}]->"])
        {
            text.ShouldContain(shown);
        }
        text.Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= 80);
        text.ShouldContain("…");
    }

    [Fact]
    public void Through_Kafka_the_views_name_the_topics_and_what_is_behind()
    {
        var glance = Glance() with
        {
            Pipeline = Status with { LagMessages = 1234 },
            Topics = new DemoTopics("polysync_demo_0123abcd.*", 8),
            Capture = Status with { Role = PipelineRole.Capture, Reason = "the broker is away" },
        };
        var text = Drawn(LivePanel.Render(glance, Console(80).Profile), 80);
        foreach (var shown in (string[])["1,234 messages behind", "8 topics, polysync_demo_0123abcd.*", "the broker is away"]) text.ShouldContain(shown);
        text.Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= 80);
        Drawn(LivePanel.Render(Glance(), Console(80).Profile), 80).ShouldNotContain("Kafka");
    }

    [Fact]
    public async Task A_plain_line_through_Kafka_says_how_many_messages_are_behind()
    {
        var output = new StringWriter();
        using var stop = new CancellationTokenSource();
        var direct = true;
        await new PlainView(output).LiveAsync(() =>
        {
            if (!direct) stop.Cancel();
            var glance = direct ? Glance() : Glance() with { Pipeline = Status with { LagMessages = 3 }, Topics = new DemoTopics("x.*", 8) };
            direct = false;
            return Task.FromResult(glance);
        }, stop.Token);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldNotContain("topics");
        lines[1].ShouldContain("lag 2.0 KiB, 250 ms  8 topics, 3 messages behind  last CREATE");
    }

    [Fact]
    public void Without_colour_a_pattern_is_the_pattern()
    {
        Drawn(new CypherLine(Status.LastChanges[0], isNew: true), 120).Trim().ShouldBe($"› {Status.LastChanges[0]}");
    }

    [Fact]
    public void A_rate_is_that_of_the_last_second()
    {
        var rates = new LiveRates();
        for (var i = 0; i <= 12; i++) rates.Look(1 + (i * Stopwatch.Frequency / 4), 50 * i, (i <= 4 ? 1000 * i : 4000) + (10 * i));
        rates.Written.ShouldBe(200, 0.5);
        rates.Applied.ShouldBe(40, 0.5);
        rates.History.Count.ShouldBe(3);
    }

    [Fact]
    public void A_sparkline_scales_from_zero_to_the_largest()
    {
        Sparkline.Of([0, 50, 100]).ShouldBe("▁▅█");
        Sparkline.Of([0, 0]).ShouldBe("▁▁");
        Sparkline.Of([]).ShouldBe("");
    }

    [Fact]
    public void The_verdict_in_plain_lines_names_each_table_and_each_difference()
    {
        var output = new StringWriter();
        new PlainView(output).Show(new Verdict(
            [new("users", "(:User)", PartKind.Node, 3, 3, true), new("users", "(:User)-[:INVITED_BY]->(:User)", PartKind.ForeignKey, 2, 1, false)], ["one is missing"]), "0/30");
        foreach (var shown in (string[])["3 rows", "2 keys", "equal", "DIFFERENT", "one is missing", "GRAPH AND TABLES DIFFER", "0/30"]) output.ToString().ShouldContain(shown);
    }

    private static IAnsiConsole Console(int width)
    {
        var console = Screen.On(TextWriter.Null, interactive: false);
        (console.Profile.Width, console.Profile.Height) = (width, 30);
        return console;
    }

    private static string Drawn(Spectre.Console.Rendering.IRenderable what, int width)
    {
        var output = new StringWriter();
        var console = Screen.On(output, interactive: false);
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        return output.ToString();
    }
}
