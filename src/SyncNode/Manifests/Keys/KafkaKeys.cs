using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The section <c>kafka</c>.</summary>
internal static class KafkaKeys
{
    public static readonly KafkaSettings Defaults = new() { BootstrapServers = "", Prefix = "" };

    public static readonly TextsKey BootstrapServers = new("bootstrap_servers", "`host:port`, several as a list or with commas") { RequiredHint = "such as localhost:9092, or a list of several" };

    public static readonly TextKey Prefix = new("prefix", "first part of every topic's name; 1 to 100 letters, digits, `.`, `_` and `-`") { Otherwise = "the pipeline's name" };

    public static readonly ChoiceKey<CaptureMode> Capture = new("capture",
        "who writes the topics: `embedded`: the node that `run` starts; `separate`: `polysync capture` with the same manifest, and `run` only reads; `debezium`: [Debezium](kafka.md#debeziums-topics), with `consistency: parallel`",
        Defaults.Capture, ("embedded", CaptureMode.Embedded), ("separate", CaptureMode.Separate), ("debezium", CaptureMode.Debezium));

    public static readonly ChoiceKey<KafkaSharing?> Share = new("share",
        "what several nodes do with topics of ours: `cuts`: one reads everything, in whole cuts, the others stand by; `partitions`: [each reads its part](kafka.md#shared-partitions), key by key, with `consistency: parallel`",
        null, ("cuts", KafkaSharing.Cuts), ("partitions", KafkaSharing.Partitions))
    { Otherwise = "`partitions` where `parallel` meets `capture: separate`, else `cuts`" };

    public static readonly IntegerKey Partitions = new("partitions", "of topics that are made", Defaults.Partitions, 1, 10_000);

    public static readonly IntegerKey ReplicationFactor = new("replication_factor", "of topics that are made", Defaults.ReplicationFactor, 1, 100) { Otherwise = "the broker's" };

    public static readonly ChoiceKey<CleanupPolicy> CleanupPolicy = new("cleanup_policy", "of tables' topics that are made: `delete`, `compact` or `compact_and_delete`", Defaults.CleanupPolicy,
        ("delete", Contracts.CleanupPolicy.Delete), ("compact", Contracts.CleanupPolicy.Compact), ("compact_and_delete", Contracts.CleanupPolicy.CompactAndDelete));

    /// <summary>Its default is a number that nobody can write: as the broker says.</summary>
    public static readonly IntegerKey RetentionMs = new("retention_ms", "of tables' topics that are made; -1 keeps everything", long.MinValue, -1, long.MaxValue) { Otherwise = "the broker's", HasRange = false };

    public static readonly IntegerKey MaxMessageBytes = new("max_message_bytes", "the largest message, a row before and after", Defaults.MaxMessageBytes, 1024, 64 * 1024 * 1024);

    public static readonly TextKey GroupId = new("group_id", "the consumer group of the pipeline's nodes") { Otherwise = "`polysync_<pipeline>`" };

    public static readonly TextKey ClientId = new("client_id", "our name in the broker's logs and quotas") { Otherwise = "`polysync_<pipeline>`" };

    public static readonly ChoiceKey<bool> DeadLetterTopic = new("dead_letter_topic", "whether dead letters also go to `<prefix>.__dead`", Defaults.DeadLetterTopic, ("true", true), ("false", false));

    public static readonly IntegerKey ConnectTimeoutMs = new("connect_timeout_ms", "for the first answer and every administrative request", Defaults.ConnectTimeoutMs, 100, 600_000);

    public static readonly IntegerKey DeliveryTimeoutMs = new("delivery_timeout_ms", "how long a message may wait for its acknowledgement", Defaults.DeliveryTimeoutMs, 1_000, 3_600_000);

    public static readonly IntegerKey SessionTimeoutMs = new("session_timeout_ms", "how long a node may be silent before others take its partitions", Defaults.SessionTimeoutMs, 1_000, 1_800_000)
    {
        More = "Brokers refuse less than 6000 by default",
    };

    public static readonly NamesKey Properties = new("properties", "further properties of librdkafka, TLS and SASL among them; those that the guarantees rest on are refused", NamedValue.Text) { Otherwise = "none" };

    public static readonly IReadOnlyList<ManifestKey> All =
    [
        BootstrapServers, Prefix, Capture, Share, Partitions, ReplicationFactor, CleanupPolicy, RetentionMs, MaxMessageBytes, GroupId, ClientId, DeadLetterTopic,
        ConnectTimeoutMs, DeliveryTimeoutMs, SessionTimeoutMs, Properties,
    ];

    private static readonly string[] SecretWords = ["password", "secret", "token", "jaas", "key.pem"];

    /// <summary>Whether a property of librdkafka holds a secret, by its name.</summary>
    public static bool IsSecret(string property) =>
        SecretWords.Any(word => property.Contains(word, StringComparison.OrdinalIgnoreCase)) && !property.EndsWith(".url", StringComparison.OrdinalIgnoreCase);
}
