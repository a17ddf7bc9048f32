using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The section <c>limits</c>.</summary>
internal static class LimitKeys
{
    public static readonly LimitSettings Defaults = new();

    public static readonly IntegerKey Buckets = new("buckets", "parts of the graph, each ordered by one entity actor", Defaults.Buckets, 1, 1024);

    public static readonly IntegerKey Writers = new("writers", "transactions at once in `parallel`", Defaults.Writers, 1, 64);

    public static readonly IntegerKey BatchRows = new("batch_rows", "rows that a statement takes at most (FalkorDB: 1000 always)", Defaults.BatchRows, 1, 100_000);

    public static readonly IntegerKey MaxInFlightRows = new("max_in_flight_rows", "changes between capture and the graph's answer: when reached, reading stops", Defaults.MaxInFlightRows, 1, 100_000_000);

    public static readonly IntegerKey MaxInFlightBytes = new("max_in_flight_bytes", "the same in bytes", Defaults.MaxInFlightBytes, 1024, 1L << 40);

    public static readonly IntegerKey MaxTransactionRows = new("max_transaction_rows",
        "changes gathered into one graph transaction at most, a larger source transaction is one by itself", Defaults.MaxTransactionRows, 1, 10_000_000)
    {
        More = "In `transactional` a graph transaction aims at `batch_rows` net effects, and comes near this limit where many changes are of few rows",
    };

    public static readonly IntegerKey MaxSourceTransactionRows = new("max_source_transaction_rows",
        "a source transaction of more changes is applied in parts: the first of so many, then batch by batch", Defaults.MaxSourceTransactionRows, 1, 100_000_000);

    public static readonly IntegerKey MaxSourceTransactionBytes = new("max_source_transaction_bytes", "the same in bytes", Defaults.MaxSourceTransactionBytes, 1024, 1L << 40);

    public static readonly IntegerKey WatermarkIntervalMs = new("watermark_interval_ms",
        "how often the watermark of a source without changes is recorded in the graph, so that the slot may move there", Defaults.WatermarkIntervalMs, 100, 3_600_000);

    public static readonly IntegerKey RetryMinBackoffMs = new("retry_min_backoff_ms", "the wait after the first transient failure", Defaults.RetryMinBackoffMs, 1, 3_600_000);

    public static readonly IntegerKey RetryMaxBackoffMs = new("retry_max_backoff_ms", "the longest wait", Defaults.RetryMaxBackoffMs, 1, 3_600_000);

    public static readonly IntegerKey CircuitFailures = new("circuit_failures", "failed writes in a row after which only one at a time is tried", Defaults.CircuitFailures, 1, 1000);

    public static readonly IReadOnlyList<ManifestKey> All =
    [
        Buckets, Writers, BatchRows, MaxInFlightRows, MaxInFlightBytes, MaxTransactionRows, MaxSourceTransactionRows, MaxSourceTransactionBytes, WatermarkIntervalMs,
        RetryMinBackoffMs, RetryMaxBackoffMs, CircuitFailures,
    ];
}
