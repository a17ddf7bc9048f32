using System.Text.Json.Serialization;

namespace PolyglotSync.Contracts;

/// <summary>One pipeline as <c>GET /api/pipelines</c> answers and <c>polysync status</c> shows it.</summary>
public sealed record PipelineStatus
{
    public required string Name { get; init; }
    /// <summary>The node that answers; in a cluster the one that it runs on, as <c>host:port</c>, null where none answers for it.</summary>
    public string? Node { get; init; }
    /// <summary>Through Kafka, by whole cuts: the node that writes the graph, as the graph has it; null where that is not known.</summary>
    public string? ActiveNode { get; init; }
    /// <summary>Where nodes share the partitions of topics: all of them, whoever reads them, as the graph has it. Else empty.</summary>
    public IReadOnlyList<PartitionStatus> Partitions { get; init; } = [];
    /// <summary>Whether it writes the graph, or captures into Kafka for whoever does.</summary>
    public PipelineRole Role { get; init; }
    /// <summary>Of a capture: which of its starts this is; 0 before it has begun, and of a pipeline.</summary>
    public long Epoch { get; init; }
    public required PipelineState State { get; init; }
    /// <summary>Why it is in that state; null where there is nothing to say.</summary>
    public string? Reason { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required string Target { get; init; }
    public required Consistency Consistency { get; init; }
    /// <summary>Where changes come in order key by key from topics without cuts there is no watermark: positions of the log are 0/0 then.</summary>
    public ChangeOrder Order { get; init; }

    [JsonIgnore]
    public bool HasWatermark => Order == ChangeOrder.Whole || ReceivedLsn != Lsn.Zero.ToString() || Watermark != Lsn.Zero.ToString();
    /// <summary>The replication slot; of topics that Debezium writes their names.</summary>
    public required string Slot { get; init; }
    public required string ReceivedLsn { get; init; }
    public required string FlushedLsn { get; init; }
    public required string Watermark { get; init; }
    /// <summary>Bytes of log between the server's end and the watermark.</summary>
    public required long LagBytes { get; init; }
    /// <summary>Through Kafka: messages between what was read and the newest cut; null where changes come from the log directly.</summary>
    public long? LagMessages { get; init; }
    /// <summary>Age of the oldest change that is not in the graph yet, in seconds; 0 where all is.</summary>
    public required double LagSeconds { get; init; }
    /// <summary>Source changes applied a second, over the last seconds.</summary>
    public required double RowsPerSecond { get; init; }
    public required long RowsApplied { get; init; }
    public required int RowsInFlight { get; init; }
    public required long BytesInFlight { get; init; }
    public required long DeadLetters { get; init; }
    /// <summary>Transient failures since the start, each of which was retried.</summary>
    public required long Retries { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? LastErrorAt { get; init; }
    /// <summary>The trouble that lasts; null where there is none.</summary>
    public OpenIncident? Incident { get; init; }
    /// <summary>Commit-to-graph latency in milliseconds over the last seconds; null without a recent change.</summary>
    public double? LatencyP50Ms { get; init; }
    public double? LatencyP99Ms { get; init; }
    public StageTimes Stages { get; init; } = StageTimes.None;
    public IReadOnlyList<TableCopyStatus> Copy { get; init; } = [];
    /// <summary>The last changes, as Cypher patterns, newest first; at most 10. Row data: only filled on request (the demo's live view).</summary>
    public IReadOnlyList<string> LastChanges { get; init; } = [];
}

public enum PipelineRole : byte { Graph, Capture }

public sealed record TableCopyStatus(string Table, string Phase, long Rows, long EstimatedRows);

public enum PipelineState : byte
{
    Starting,
    Copying,
    Streaming,
    Paused,
    Degraded,
    Failed,
    Stopped,
    /// <summary>Another node does the work; this one follows when that one goes.</summary>
    Standby,
}

/// <summary>One partition of a topic, and who reads it.</summary>
/// <param name="Node">That claimed it last; null where it gave no name.</param>
/// <param name="Offset">Of the first message that is not in the graph yet; -1 where none was ever applied.</param>
/// <param name="Behind">Messages between that and the newest cut; null where this node does not know.</param>
public sealed record PartitionStatus(string Topic, int Partition, string? Node, long Offset, long? Behind);

/// <summary><c>GET /api/pipelines/{p}/watermark</c>.</summary>
public sealed record WatermarkAnswer(string Pipeline, string Watermark, bool Reached)
{
    /// <summary>Why it was not waited for to the end of the time given; null: it was.</summary>
    public string? Reason { get; init; }
}

/// <summary>The body of every answer that is not a success.</summary>
public sealed record ApiError(string Error, string? Hint = null);
