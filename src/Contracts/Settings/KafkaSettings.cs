namespace PolyglotSync.Contracts;

/// <summary>The broker, and what the topics are to be like; documented in docs/kafka.md.</summary>
public sealed record KafkaSettings
{
    /// <summary><c>host:port</c>, several with commas between.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>First part of every topic's name: <c>PREFIX.schema.table</c>, <c>PREFIX.__cuts</c>, <c>PREFIX.__dead</c>. Letters, digits, '.', '_' and '-', 1 to 100.</summary>
    public required string Prefix { get; init; }

    /// <summary>Who writes the topics.</summary>
    public CaptureMode Capture { get; init; } = CaptureMode.Embedded;

    /// <summary>What the nodes of a pipeline do with topics of ours; those of Debezium's are always shared.</summary>
    public KafkaSharing Share { get; init; } = KafkaSharing.Cuts;

    /// <summary>Of topics that are made; those that are there may have any number.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Of topics that are made; -1: as the broker's <c>default.replication.factor</c> says.</summary>
    public short ReplicationFactor { get; init; } = -1;

    public CleanupPolicy CleanupPolicy { get; init; } = CleanupPolicy.Delete;

    /// <summary>How long a topic of a table keeps what was written, in milliseconds; -1: for ever; null: as the broker's <c>log.retention.ms</c> says.</summary>
    public long? RetentionMs { get; init; }

    /// <summary>Largest message, before compression, that is produced and that a topic must take: a row with its state before and after.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Consumer group of the pipeline's nodes; null: <c>polysync_PIPELINE</c>.</summary>
    public string? GroupId { get; init; }

    /// <summary>Name of our connections in the broker's logs and quotas; null: <c>polysync_PIPELINE</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whether dead letters also go to <c>PREFIX.__dead</c>.</summary>
    public bool DeadLetterTopic { get; init; }

    /// <summary>How long a first answer of the broker may take, and every administrative request.</summary>
    public int ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>How long a message may wait for its acknowledgement before that counts as failed.</summary>
    public int DeliveryTimeoutMs { get; init; } = 120_000;

    /// <summary>How long a member of the consumer group may be silent before its partitions go to others.</summary>
    public int SessionTimeoutMs { get; init; } = 10_000;

    /// <summary>Further properties of librdkafka for every client, TLS and SASL among them; values may be secrets, so they are never logged.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Without the properties, which may hold secrets.</summary>
    public override string ToString() => $"Kafka {BootstrapServers}, prefix {Prefix}";
}

/// <summary>Who writes the topics.</summary>
public enum CaptureMode : byte
{
    /// <summary>The node that reads them.</summary>
    Embedded,

    /// <summary>A node that does nothing else: <c>polysync capture</c>.</summary>
    Separate,

    /// <summary>Debezium.</summary>
    Debezium,
}

/// <summary>How the nodes of a pipeline part the work between them.</summary>
public enum KafkaSharing : byte
{
    /// <summary>One reads everything, and the graph gets whole cuts; the others stand by.</summary>
    Cuts,

    /// <summary>Each reads the partitions that the consumer group deals to it; rows are in order key by key (<see cref="ChangeOrder.PerKey"/>).</summary>
    Partitions,
}

/// <summary>What becomes of old messages in the topics of tables.</summary>
public enum CleanupPolicy : byte
{
    /// <summary>They are deleted after the retention.</summary>
    Delete,

    /// <summary>The last of each key stays.</summary>
    Compact,

    /// <summary>Both.</summary>
    CompactAndDelete,
}
