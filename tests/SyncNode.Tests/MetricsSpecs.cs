using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api.Metrics;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class MetricsSpecs
{
    private static readonly PipelineStatus Social = new()
    {
        Name = "social", State = PipelineState.Copying, Since = DateTimeOffset.FromUnixTimeMilliseconds(1_500), Target = "bolt://localhost:7687", Consistency = Consistency.Transactional,
        Slot = "polysync_social", ReceivedLsn = "0/20", FlushedLsn = "0/10", Watermark = "0/1F", LagBytes = 5_000_000_000, LagSeconds = 0.25, RowsPerSecond = 10, RowsApplied = 1_000_000,
        RowsInFlight = 12, BytesInFlight = 4096, DeadLetters = 3, Retries = 1, LatencyP50Ms = 4.2, LatencyP99Ms = 17, Stages = new StageTimes(1, 2, 3, 4, 5.5, 6),
        Copy = [new TableCopyStatus("public.users", "Copying", 500, 1000)], LastError = "secret", LastChanges = ["(:User {name: 'Ada'})"],
    };

    private static string[] Lines(params PipelineStatus[] pipelines) => PrometheusText.Render(PipelineMetrics.Of(pipelines)).Split('\n');

    [Theory]
    [InlineData("polysync_pipeline_state{pipeline=\"social\",role=\"graph\",state=\"copying\"} 1")]
    [InlineData("polysync_pipeline_state{pipeline=\"social\",role=\"graph\",state=\"streaming\"} 0")]
    [InlineData("polysync_pipeline_state_since_seconds{pipeline=\"social\",role=\"graph\"} 1.5")]
    [InlineData("# TYPE polysync_lag_bytes gauge")]
    [InlineData("polysync_lag_bytes{pipeline=\"social\",role=\"graph\"} 5000000000")]
    [InlineData("polysync_lag_seconds{pipeline=\"social\",role=\"graph\"} 0.25")]
    [InlineData("# TYPE polysync_rows_applied_total counter")]
    [InlineData("polysync_rows_applied_total{pipeline=\"social\",role=\"graph\"} 1000000")]
    [InlineData("polysync_dead_letters{pipeline=\"social\",role=\"graph\"} 3")]
    [InlineData("polysync_commit_to_graph_seconds{pipeline=\"social\",role=\"graph\",quantile=\"0.99\"} 0.017")]
    [InlineData("polysync_stage_seconds_total{pipeline=\"social\",role=\"graph\",stage=\"server\"} 5.5")]
    [InlineData("polysync_copy_rows{pipeline=\"social\",role=\"graph\",table=\"public.users\"} 500")]
    public void What_the_status_shows_is_a_metric(string line) => Lines(Social).ShouldContain(line);

    [Fact]
    public void What_is_not_known_has_no_sample_and_no_header()
    {
        var lines = Lines(Social with { LatencyP50Ms = null, LatencyP99Ms = null, Copy = [] });
        lines.ShouldNotContain(line => line.Contains("commit_to_graph", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.Contains("copy_rows", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.Contains("lag_messages", StringComparison.Ordinal));
    }

    [Fact]
    public void A_capture_and_its_pipeline_are_told_apart_under_one_header()
    {
        var lines = Lines(Social, Social with { Role = PipelineRole.Capture, LagMessages = 7 });
        lines.Count(line => line == "# TYPE polysync_lag_bytes gauge").ShouldBe(1);
        lines.ShouldContain("polysync_lag_messages{pipeline=\"social\",role=\"capture\"} 7");
    }

    [Fact]
    public void Every_metric_has_help_and_a_name_that_Prometheus_takes()
    {
        foreach (var metric in PipelineMetrics.Of([Social]).Concat(ProcessMetrics.Read()))
        {
            metric.Name.ShouldMatch("^[a-z][a-z0-9_]*$");
            metric.Help.ShouldNotBeNullOrWhiteSpace();
            metric.Name.EndsWith("_total", StringComparison.Ordinal).ShouldBe(metric.Kind == MetricKind.Counter, metric.Name);
        }
    }

    [Fact]
    public void Neither_rows_nor_messages_nor_addresses_are_in_it()
    {
        var text = PrometheusText.Render(PipelineMetrics.Of([Social]));
        text.ShouldNotContain("Ada");
        text.ShouldNotContain("secret");
        text.ShouldNotContain("localhost");
    }

    [Fact]
    public void Labels_are_escaped_and_numbers_are_Prometheus_own()
    {
        var metric = new Metric("m", MetricKind.Gauge, "one \\ two \"three\"\nfour",
            [new Sample(double.NaN, ("l", "a\"b\\c\nd")), new Sample(double.PositiveInfinity), new Sample(double.NegativeInfinity), new Sample(0.1), new Sample(1e21)]);
        PrometheusText.Render([metric]).ShouldBe("# HELP m one \\\\ two \"three\"\\nfour\n# TYPE m gauge\nm{l=\"a\\\"b\\\\c\\nd\"} NaN\nm +Inf\nm -Inf\nm 0.1\nm 1E+21\n");
    }

    [Fact]
    public void Without_pipelines_there_is_the_process_alone() => Lines().ShouldBe([""]);
}
