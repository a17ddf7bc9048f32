using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api.Metrics;

/// <summary>What <c>status</c> shows, as metrics. Counters begin anew with the process, as the status' do. No row data, no addresses, no messages of errors.</summary>
internal static class PipelineMetrics
{
    public static IReadOnlyList<Metric> Of(IReadOnlyList<PipelineStatus> pipelines) =>
    [
        new("polysync_pipeline_state", MetricKind.Gauge, "1 for the state that the pipeline is in, 0 for the others.",
            [.. pipelines.SelectMany(p => Enum.GetValues<PipelineState>().Select(state => Sample(p, p.State == state ? 1 : 0, ("state", Word(state)))))]),
        Gauge("polysync_pipeline_state_since_seconds", "Unix time since when it is in that state.", pipelines, p => p.Since.ToUnixTimeMilliseconds() / 1000.0),
        Gauge("polysync_lag_seconds", "Age of the oldest change that is not in the graph (of a capture: in the topics); 0 where all is.", pipelines, p => p.LagSeconds),
        Gauge("polysync_lag_bytes", "Bytes of PostgreSQL's log between the server's end and the watermark.", pipelines, p => p.LagBytes),
        Gauge("polysync_lag_messages", "Messages between what was read and the newest cut; only through Kafka.", pipelines, p => p.LagMessages),
        Counter("polysync_rows_applied_total", "Source changes applied.", pipelines, p => p.RowsApplied),
        Counter("polysync_retries_total", "Transient failures, each of which was retried.", pipelines, p => p.Retries),
        Gauge("polysync_dead_letters", "Open dead letters: rows that the graph refused.", pipelines, p => p.DeadLetters),
        Gauge("polysync_in_flight_rows", "Changes between capture and the graph's answer.", pipelines, p => p.RowsInFlight),
        Gauge("polysync_in_flight_bytes", "The same in bytes.", pipelines, p => p.BytesInFlight),
        new("polysync_commit_to_graph_seconds", MetricKind.Gauge, "From a commit in PostgreSQL to the graph, over the last seconds; missing without a recent change.",
            [.. pipelines.SelectMany(p => Quantile(p, "0.5", p.LatencyP50Ms).Concat(Quantile(p, "0.99", p.LatencyP99Ms)))]),
        new("polysync_stage_seconds_total", MetricKind.Counter, "Where the time went; stages work beside one another.", [.. pipelines.SelectMany(Stages)]),
        new("polysync_copy_rows", MetricKind.Gauge, "Rows of a table that the first copy has read.", [.. pipelines.SelectMany(p => p.Copy.Select(t => Sample(p, t.Rows, ("table", t.Table))))]),
        new("polysync_copy_estimated_rows", MetricKind.Gauge, "Rows that the table has, as PostgreSQL estimates.",
            [.. pipelines.SelectMany(p => p.Copy.Select(t => Sample(p, t.EstimatedRows, ("table", t.Table))))]),
    ];

    private static Metric Gauge(string name, string help, IReadOnlyList<PipelineStatus> pipelines, Func<PipelineStatus, double?> value) => Each(name, MetricKind.Gauge, help, pipelines, value);

    private static Metric Counter(string name, string help, IReadOnlyList<PipelineStatus> pipelines, Func<PipelineStatus, double?> value) => Each(name, MetricKind.Counter, help, pipelines, value);

    private static Metric Each(string name, MetricKind kind, string help, IReadOnlyList<PipelineStatus> pipelines, Func<PipelineStatus, double?> value) =>
        new(name, kind, help, [.. pipelines.SelectMany(p => value(p) is { } known ? [Sample(p, known)] : Array.Empty<Sample>())]);

    private static IEnumerable<Sample> Stages(PipelineStatus p) =>
    [
        Sample(p, p.Stages.Capture, ("stage", "capture")), Sample(p, p.Stages.Entities, ("stage", "entities")), Sample(p, p.Stages.Plan, ("stage", "plan")),
        Sample(p, p.Stages.Encoding, ("stage", "encoding")), Sample(p, p.Stages.Server, ("stage", "server")), Sample(p, p.Stages.Waiting, ("stage", "waiting")),
    ];

    private static IEnumerable<Sample> Quantile(PipelineStatus p, string quantile, double? milliseconds) =>
        milliseconds is { } known ? [Sample(p, known / 1000, ("quantile", quantile))] : [];

    private static Sample Sample(PipelineStatus p, double value, params ReadOnlySpan<(string, string)> more) => new(value, [("pipeline", p.Name), ("role", Word(p.Role)), .. more]);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
