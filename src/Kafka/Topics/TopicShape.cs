using System.Globalization;
using Confluent.Kafka.Admin;

namespace PolyglotSync.Kafka.Topics;

/// <summary>What a topic has to be like: how it is made, and what of it is held against one that is there.</summary>
/// <param name="Partitions">Of a topic that is made.</param>
/// <param name="Cleanup">Kafka's cleanup.policy.</param>
/// <param name="MaxMessageBytes">What the topic must take at least.</param>
internal sealed record TopicShape(string Name, int Partitions, short ReplicationFactor, string Cleanup, int MaxMessageBytes)
{
    /// <summary>Segments of the cuts: small ones, since only closed ones are compacted, and all but the last cut is history.</summary>
    private const int CutSegmentBytes = 16 * 1024 * 1024;

    public long? RetentionMs { get; init; }

    /// <summary>Another number of partitions or another cleanup is a mistake, not a matter of taste.</summary>
    public bool IsExact { get; init; }

    public static TopicShape Table(string name, KafkaSettings settings) => new(name, settings.Partitions, settings.ReplicationFactor, settings.CleanupPolicy switch
    {
        CleanupPolicy.Delete => "delete",
        CleanupPolicy.Compact => "compact",
        _ => "compact,delete",
    }, settings.MaxMessageBytes)
    {
        RetentionMs = settings.RetentionMs,
    };

    public static TopicShape Cuts(string name, KafkaSettings settings) => new(name, 1, settings.ReplicationFactor, "compact", 0) { IsExact = true };

    public static TopicShape Dead(string name, KafkaSettings settings) => new(name, 1, settings.ReplicationFactor, "delete", settings.MaxMessageBytes);

    public TopicSpecification ToSpecification()
    {
        var configs = new Dictionary<string, string> { ["cleanup.policy"] = Cleanup };
        if (MaxMessageBytes > 0) configs["max.message.bytes"] = MaxMessageBytes.ToString(CultureInfo.InvariantCulture);
        if (RetentionMs is { } retention) configs["retention.ms"] = retention.ToString(CultureInfo.InvariantCulture);
        if (IsExact) configs["segment.bytes"] = CutSegmentBytes.ToString(CultureInfo.InvariantCulture);
        return new TopicSpecification { Name = Name, NumPartitions = Partitions, ReplicationFactor = ReplicationFactor, Configs = configs };
    }

    /// <summary>What is wrong with the topic that is there.</summary>
    public IEnumerable<string> Problems(int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (IsExact && partitions != Partitions) yield return $"topic {Name} has {partitions} partitions and needs {Partitions}; delete it or choose another kafka.prefix";
        if (IsExact && configs.TryGetValue("cleanup.policy", out var cleanup) && cleanup != Cleanup)
        {
            yield return $"topic {Name} has cleanup.policy={cleanup} and needs {Cleanup}; kafka-configs --alter --topic {Name} --add-config cleanup.policy={Cleanup}";
        }
        if (configs.TryGetValue("max.message.bytes", out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var max) && max < MaxMessageBytes)
        {
            yield return $"topic {Name} takes messages of {max} bytes, kafka.max_message_bytes is {MaxMessageBytes}; "
                + $"kafka-configs --alter --topic {Name} --add-config max.message.bytes={MaxMessageBytes}, or lower kafka.max_message_bytes";
        }
    }

    /// <summary>What is not as the manifest says but does no harm to what we promise.</summary>
    public IEnumerable<string> Remarks(int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (IsExact) yield break;
        if (partitions != Partitions) yield return $"topic {Name} has {partitions} partitions, kafka.partitions says {Partitions}: it stays as it is";
        if (configs.TryGetValue("cleanup.policy", out var cleanup) && cleanup != Cleanup) yield return $"topic {Name} has cleanup.policy={cleanup}, the manifest says {Cleanup}: it stays as it is";
    }
}
