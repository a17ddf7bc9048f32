using Confluent.Kafka;

namespace PolyglotSync.Kafka.Connecting;

/// <summary>librdkafka's configurations for one pipeline. Properties of the manifest come last, but for those that the guarantees rest on: the manifest refuses those.</summary>
public static class KafkaClients
{
    /// <summary>Properties that are ours to set, with why; the manifest says so where somebody names one.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reserved = new Dictionary<string, string>
    {
        ["bootstrap.servers"] = "write kafka.bootstrap_servers",
        ["client.id"] = "write kafka.client_id",
        ["metadata.broker.list"] = "write kafka.bootstrap_servers",
        ["group.id"] = "write kafka.group_id",
        ["message.max.bytes"] = "write kafka.max_message_bytes",
        ["delivery.timeout.ms"] = "write kafka.delivery_timeout_ms",
        ["message.timeout.ms"] = "write kafka.delivery_timeout_ms",
        ["session.timeout.ms"] = "write kafka.session_timeout_ms",
        ["acks"] = "every message is acknowledged by all replicas",
        ["request.required.acks"] = "every message is acknowledged by all replicas",
        ["enable.idempotence"] = "messages are never doubled or swapped",
        ["enable.gapless.guarantee"] = "a message that is lost is an error of all behind it",
        ["max.in.flight"] = "the idempotent producer decides",
        ["max.in.flight.requests.per.connection"] = "the idempotent producer decides",
        ["transactional.id"] = "the cuts take the place of Kafka's transactions",
        ["partitioner"] = "a key's partition is the one that Kafka's Java clients choose",
        ["enable.auto.commit"] = "offsets are kept in the graph",
        ["enable.auto.offset.store"] = "offsets are kept in the graph",
        ["auto.offset.reset"] = "an offset that is gone stops the pipeline",
        ["isolation.level"] = "Kafka's default holds",
    };

    /// <summary>For a client that only asks and makes topics.</summary>
    public static AdminClientConfig Admin(KafkaSettings settings, string pipeline) => With(new AdminClientConfig(), settings, pipeline);

    /// <summary>Idempotent, acknowledged by all replicas, partitioned as Java's clients do. The hot path's batches may be tuned by <c>kafka.properties</c>.</summary>
    public static ProducerConfig Producer(KafkaSettings settings, string pipeline) => With(new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        Partitioner = Partitioner.Murmur2Random,
        CompressionType = CompressionType.Lz4,
        LingerMs = 5,
        BatchSize = 1024 * 1024,
        MessageMaxBytes = settings.MaxMessageBytes,
        MessageTimeoutMs = settings.DeliveryTimeoutMs,
        QueueBufferingMaxMessages = 200_000,
        QueueBufferingMaxKbytes = Math.Max(64 * 1024, settings.MaxMessageBytes / 1024 * 4),
    }, settings, pipeline);

    /// <summary>
    /// For capture: what is on its way is bounded by the pipeline's limits, so the client's own are beyond them. Without a pause before sending, one request at a time to a broker: what comes meanwhile goes
    /// with the next, so batches grow by themselves under load and a lone change waits for no timer. A message that fails for good is an error of all behind it, never a gap.
    /// </summary>
    public static ProducerConfig Capture(KafkaSettings settings, string pipeline, LimitSettings limits)
    {
        var config = new ProducerConfig
        {
            EnableIdempotence = true,
            EnableGaplessGuarantee = true,
            Acks = Acks.All,
            CompressionType = CompressionType.Lz4,
            LingerMs = 0,
            MaxInFlight = 1,
            BatchSize = 1024 * 1024,
            MessageMaxBytes = settings.MaxMessageBytes,
            MessageTimeoutMs = settings.DeliveryTimeoutMs,
            QueueBufferingMaxMessages = (int)Math.Min(10_000_000, limits.MaxInFlightRows + 100_000L),
            QueueBufferingMaxKbytes = (int)Math.Min(2_097_151, (limits.MaxInFlightBytes + 2L * settings.MaxMessageBytes) / 1024 + 16 * 1024),
            DeliveryReportFields = "none",
        };
        // a topic that was deleted is missed soon
        config.Set("topic.metadata.propagation.max.ms", "10000");
        return With(config, settings, pipeline);
    }

    /// <summary>The consumer group of a pipeline's nodes.</summary>
    public static string GroupOf(KafkaSettings settings, string pipeline) => settings.GroupId ?? $"polysync_{pipeline}";

    /// <summary>Offsets by hand, an offset that is gone an error, partitions handed over by and by.</summary>
    public static ConsumerConfig Consumer(KafkaSettings settings, string pipeline) => With(new ConsumerConfig
    {
        GroupId = GroupOf(settings, pipeline),
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        SessionTimeoutMs = settings.SessionTimeoutMs,
        HeartbeatIntervalMs = Math.Max(100, settings.SessionTimeoutMs / 5),
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        MessageMaxBytes = settings.MaxMessageBytes,
        // what is fetched ahead is memory outside the heap: the defaults, 1 MiB a partition and 50 MiB an answer, count what is compressed, and changes as JSON unpack
        // to five to ten times that. A batch that is larger comes all the same, one at a time
        FetchMaxBytes = Math.Max(4 * 1024 * 1024, settings.MaxMessageBytes),
        MaxPartitionFetchBytes = 512 * 1024,
        FetchWaitMaxMs = 100,
        QueuedMinMessages = 100_000,
        QueuedMaxMessagesKbytes = 8 * 1024,
        AllowAutoCreateTopics = false,
    }, settings, pipeline);

    private static T With<T>(T config, KafkaSettings settings, string pipeline)
        where T : ClientConfig
    {
        config.BootstrapServers = settings.BootstrapServers;
        config.ClientId = settings.ClientId ?? $"polysync_{pipeline}";
        config.SocketConnectionSetupTimeoutMs = Math.Max(1_000, settings.ConnectTimeoutMs);
        config.SocketTimeoutMs = Math.Max(settings.ConnectTimeoutMs, 10_000);
        // a small request behind another would wait for the broker's delayed acknowledgement, 40 ms
        config.SocketNagleDisable = true;
        config.ReconnectBackoffMs = 50;
        config.ReconnectBackoffMaxMs = 2_000;
        config.TopicMetadataRefreshIntervalMs = 60_000;
        foreach (var (name, value) in settings.Properties)
        {
            RequireFile(settings, name, value);
            config.Set(name, value);
        }
        return config;
    }

    /// <summary>librdkafka says of a file that is missing which property failed, and not which file.</summary>
    /// <exception cref="PipelineFailure">Fatal: it is not there.</exception>
    private static void RequireFile(KafkaSettings settings, string name, string value)
    {
        // 'probe': librdkafka looks for the system's authorities
        if (!name.StartsWith("ssl.", StringComparison.Ordinal) || !name.EndsWith(".location", StringComparison.Ordinal) || name == "ssl.engine.location" || value == "probe") return;
        if (!File.Exists(value) && !Directory.Exists(value)) throw KafkaFailures.Unfit(settings.BootstrapServers, $"{name} under kafka.properties names {value}, and that is not there, or may not be seen by our user");
    }

    /// <summary>Timeout of an administrative request.</summary>
    internal static TimeSpan Timeout(this KafkaSettings settings) => TimeSpan.FromMilliseconds(settings.ConnectTimeoutMs);
}
