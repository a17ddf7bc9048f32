using Confluent.Kafka;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>Where a consumer's records go: one source, or one for each partition. Called on the consumer's thread only, but for <see cref="End"/>.</summary>
internal interface IDestinations<K, V>
{
    /// <summary>Whether an error that is not fatal ends the stream.</summary>
    bool StopsAtErrors { get; }

    void Opened(IConsumer<K, V> consumer);

    /// <summary>Where to read each newly assigned partition from.</summary>
    IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions);

    void Revoked(List<TopicPartitionOffset> partitions);

    /// <summary>After each poll: what handlers have to hear, what readers asked for.</summary>
    void AfterPoll();

    void Route(ConsumeResult<K, V> record);

    /// <summary>Pauses partitions with more than their share, so that the others can go on; nothing to do for one source.</summary>
    void PauseSated();

    /// <summary>Lets paused partitions go on where there is room again. Whether some are still paused.</summary>
    bool ResumePaused();

    /// <summary>Just before the consumer is closed.</summary>
    void Closing();

    /// <summary>Completes all sources, or fails them. From any thread.</summary>
    void End(Exception failure);
}
