using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Topics;

/// <summary>What a partition holds: from <see cref="Earliest"/> on, and <see cref="End"/> is the offset that the next message gets.</summary>
public readonly record struct OffsetRange(long Earliest, long End)
{
    public bool IsEmpty => End <= Earliest;

    /// <summary>Whether reading from here misses nothing.</summary>
    public bool Holds(long offset) => offset >= Earliest && offset <= End;

    /// <summary>The failure of a graph whose next offset is not here.</summary>
    /// <param name="where">Broker, topic and partition.</param>
    /// <param name="anew">What to do.</param>
    internal PipelineFailure Lacks(long offset, string where, string anew) => KafkaFailures.Unfit(where,
        $"the graph was filled up to offset {offset}, and the partition holds {Earliest} to {End}: {(offset < Earliest ? "retention was faster than we" : "the topic was deleted and made anew")}; {anew}");
}

/// <summary>Reads the ends of partitions from the broker. One consumer that joins no group, until it is disposed.</summary>
public sealed class PartitionOffsets : IDisposable
{
    private readonly KafkaSettings _settings;
    private readonly BrokerTrouble _heard = new();
    private readonly IConsumer<Ignore, Ignore> _consumer;

    /// <exception cref="PipelineFailure">librdkafka is missing or refuses a property.</exception>
    public PartitionOffsets(KafkaSettings settings, string pipeline)
    {
        _settings = settings;
        try
        {
            _consumer = new ConsumerBuilder<Ignore, Ignore>(KafkaClients.Consumer(settings, pipeline)).SetErrorHandler((_, error) => _heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
        }
        catch (Exception e)
        {
            throw KafkaFailures.Classify(e, settings.BootstrapServers);
        }
    }

    /// <exception cref="PipelineFailure">A partition is not there, or the broker does not answer within the connect timeout.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, OffsetRange>> ReadAsync(IEnumerable<TopicPartition> partitions, CancellationToken cancel) => Task.Run(IReadOnlyDictionary<TopicPartition, OffsetRange> () =>
    {
        var ranges = new Dictionary<TopicPartition, OffsetRange>();
        foreach (var partition in partitions)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var marks = _consumer.QueryWatermarkOffsets(partition, _settings.Timeout());
                ranges[partition] = new OffsetRange(marks.Low.Value, marks.High.Value);
            }
            catch (KafkaException e)
            {
                throw KafkaFailures.Classify(e, $"{_settings.BootstrapServers}, {partition.Topic} [{partition.Partition.Value}]", _heard);
            }
        }
        return ranges;
    }, cancel);

    public void Dispose() => _consumer.Dispose();
}
