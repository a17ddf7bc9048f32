using PolyglotSync.Contracts;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;
using PolyglotSync.SyncNode.Manifests.Keys;

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
        if (root.Map(TopKeys.Kafka) is not { } section) return null;
        var kafka = new KafkaSettings
        {
            BootstrapServers = BootstrapServers(section),
            Prefix = Prefix(section, pipeline),
            Capture = section.Choice(KafkaKeys.Capture),
            Partitions = (int)section.Integer(KafkaKeys.Partitions),
            ReplicationFactor = (short)section.Integer(KafkaKeys.ReplicationFactor),
            CleanupPolicy = section.Choice(KafkaKeys.CleanupPolicy),
            RetentionMs = section.Integer(KafkaKeys.RetentionMs) is var retention && retention == KafkaKeys.RetentionMs.Default ? null : retention,
            MaxMessageBytes = (int)section.Integer(KafkaKeys.MaxMessageBytes),
            GroupId = section.Text(KafkaKeys.GroupId),
            ClientId = section.Text(KafkaKeys.ClientId),
            DeadLetterTopic = section.Choice(KafkaKeys.DeadLetterTopic),
            ConnectTimeoutMs = (int)section.Integer(KafkaKeys.ConnectTimeoutMs),
            DeliveryTimeoutMs = (int)section.Integer(KafkaKeys.DeliveryTimeoutMs),
            SessionTimeoutMs = (int)section.Integer(KafkaKeys.SessionTimeoutMs),
            Properties = Properties(section),
        };
        var usual = consistency == Consistency.Parallel && kafka.Capture == CaptureMode.Separate ? KafkaSharing.Partitions : KafkaSharing.Cuts;
        kafka = kafka with { Share = section.Choice(KafkaKeys.Share) ?? usual };
        section.Finish();
        return kafka;
    }

    private string BootstrapServers(Section section)
    {
        var key = KafkaKeys.BootstrapServers;
        var hint = key.RequiredHint!;
        if (section.Take(key) is null)
        {
            section.Required(key.Name, hint);
            return "";
        }
        var servers = new List<string>();
        foreach (var (text, place) in section.TextsWithPlaces(key))
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
        if (section.Text(KafkaKeys.Prefix) is not { } prefix) return pipeline;
        if (prefix.Length > MaxPrefix || !TopicNames.IsLegal(prefix))
        {
            mistakes.Add(section.Take(KafkaKeys.Prefix)!.Place, $"'{prefix}' cannot begin a topic's name", $"it takes 1 to {MaxPrefix} letters, digits, '.', '_' and '-'");
        }
        return prefix;
    }

    private Dictionary<string, string> Properties(Section section)
    {
        var properties = new Dictionary<string, string>();
        if (section.Map(KafkaKeys.Properties) is not { } given) return properties;
        foreach (var (key, value) in given.Entries)
        {
            if (KafkaClients.Reserved.TryGetValue(key.Value, out var why)) mistakes.Add(key.Place, $"'{key.Value}' cannot be set in 'kafka.properties'", why);
            else if (given.TextOf(value, key.Value) is { } text) properties[key.Value] = text;
        }
        return properties;
    }
}
