using PolyglotSync.Contracts;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>The manifest's section <c>kafka</c>.</summary>
internal sealed class KafkaReader(ManifestMistakes mistakes)
{
    /// <summary>Leaves room for schema and table in Kafka's 249 characters.</summary>
    private const int MaxPrefix = 100;

    /// <param name="pipeline">The prefix where none is said.</param>
    /// <param name="consistency">Whole transactions go through one node; else nodes that do not capture themselves share the partitions.</param>
    /// <returns>null where the manifest has no such section.</returns>
    public KafkaSettings? Read(Section root, string pipeline, Consistency consistency)
    {
        if (root.Map("kafka") is not { } section) return null;
        var d = new KafkaSettings { BootstrapServers = "", Prefix = pipeline };
        var kafka = d with
        {
            BootstrapServers = BootstrapServers(section),
            Prefix = Prefix(section, pipeline),
            Capture = section.Choice("capture", d.Capture, ("embedded", CaptureMode.Embedded), ("separate", CaptureMode.Separate), ("debezium", CaptureMode.Debezium)),
            Partitions = (int)section.Integer("partitions", d.Partitions, 1, 10_000),
            ReplicationFactor = (short)section.Integer("replication_factor", d.ReplicationFactor, 1, 100),
            CleanupPolicy = section.Choice("cleanup_policy", d.CleanupPolicy,
                ("delete", CleanupPolicy.Delete), ("compact", CleanupPolicy.Compact), ("compact_and_delete", CleanupPolicy.CompactAndDelete)),
            RetentionMs = section.Integer("retention_ms", long.MinValue, -1, long.MaxValue) is var retention && retention == long.MinValue ? null : retention,
            MaxMessageBytes = (int)section.Integer("max_message_bytes", d.MaxMessageBytes, 1024, 64 * 1024 * 1024),
            GroupId = section.Text("group_id"),
            ClientId = section.Text("client_id"),
            DeadLetterTopic = section.Choice("dead_letter_topic", d.DeadLetterTopic, ("true", true), ("false", false)),
            ConnectTimeoutMs = (int)section.Integer("connect_timeout_ms", d.ConnectTimeoutMs, 100, 600_000),
            DeliveryTimeoutMs = (int)section.Integer("delivery_timeout_ms", d.DeliveryTimeoutMs, 1_000, 3_600_000),
            SessionTimeoutMs = (int)section.Integer("session_timeout_ms", d.SessionTimeoutMs, 1_000, 1_800_000),
            Properties = Properties(section),
        };
        var usual = consistency == Consistency.Parallel && kafka.Capture == CaptureMode.Separate ? KafkaSharing.Partitions : KafkaSharing.Cuts;
        kafka = kafka with { Share = section.Choice("share", usual, ("cuts", KafkaSharing.Cuts), ("partitions", KafkaSharing.Partitions)) };
        section.Finish();
        return kafka;
    }

    private string BootstrapServers(Section section)
    {
        const string hint = "such as localhost:9092, or a list of several";
        if (section.Take("bootstrap_servers") is null)
        {
            section.Required("bootstrap_servers", hint);
            return "";
        }
        var servers = new List<string>();
        foreach (var (text, place) in section.TextsWithPlaces("bootstrap_servers"))
        {
            foreach (var server in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (IsAddress(server)) servers.Add(server);
                else mistakes.Add(place, $"'{server}' is not a broker's address", hint);
            }
        }
        return string.Join(',', servers);
    }

    /// <summary><c>host:port</c>.</summary>
    public static bool IsAddress(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(server.AsSpan(colon + 1), out var port) && port > 0
            && Uri.CheckHostName(server[..colon].Trim('[', ']')) is not UriHostNameType.Unknown;
    }

    private string Prefix(Section section, string pipeline)
    {
        if (section.Text("prefix") is not { } prefix) return pipeline;
        if (prefix.Length > MaxPrefix || !TopicNames.IsLegal(prefix))
        {
            mistakes.Add(section.Take("prefix")!.Place, $"'{prefix}' cannot begin a topic's name", $"it takes 1 to {MaxPrefix} letters, digits, '.', '_' and '-'");
        }
        return prefix;
    }

    private Dictionary<string, string> Properties(Section section)
    {
        var properties = new Dictionary<string, string>();
        if (section.Map("properties") is not { } given) return properties;
        foreach (var (key, value) in given.Entries)
        {
            if (KafkaClients.Reserved.TryGetValue(key.Value, out var why)) mistakes.Add(key.Place, $"'{key.Value}' cannot be set in 'kafka.properties'", why);
            else if (given.TextOf(value, key.Value) is { } text) properties[key.Value] = text;
        }
        return properties;
    }
}
