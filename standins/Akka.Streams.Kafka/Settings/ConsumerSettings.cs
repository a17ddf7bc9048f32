using System.Collections.Immutable;
using Akka.Actor;
using Confluent.Kafka;
using Config = Akka.Configuration.Config;

namespace Akka.Streams.Kafka.Settings;

/// <summary>How a consumer is made. Of the real settings those are left out that concern commits, metadata requests, connection checks and consumers made elsewhere.</summary>
public sealed class ConsumerSettings<TKey, TValue>
{
    private ConsumerSettings() { }

    public bool AutoCreateTopicsEnabled { get; private set; }

    /// <summary>Records read ahead of demand, over all partitions. This stand-in reads ahead by 16 Ki records of up to 1 KiB at the least.</summary>
    public int BufferSize { get; private set; }

    /// <summary>Decoration: here a consumer has a thread of its own.</summary>
    public string DispatcherId { get; private set; }

    public string GroupId => GetProperty("group.id");

    public object this[string propertyKey] => GetProperty(propertyKey);

    public IDeserializer<TKey> KeyDeserializer { get; private set; }

    public TimeSpan PartitionHandlerWarning { get; private set; }

    /// <summary>Decoration: here polls follow one another without a pause.</summary>
    public TimeSpan PollInterval { get; private set; }

    /// <summary>How long one poll waits for a record; also how long it may take until a stop is noticed.</summary>
    public TimeSpan PollTimeout { get; private set; }

    public TimeSpan PositionTimeout { get; private set; }

    /// <summary>Properties of librdkafka.</summary>
    public IImmutableDictionary<string, string> Properties { get; private set; }

    /// <summary>How long the consumer stays in its group after a shutdown, so that what is in the stream may still be worked off.</summary>
    public TimeSpan StopTimeout { get; private set; }

    public IDeserializer<TValue> ValueDeserializer { get; private set; }

    /// <summary>Decoration: here a revoked partition's source ends at once.</summary>
    public TimeSpan WaitClosePartition { get; private set; }

    /// <summary>From the section <c>akka.kafka.consumer</c>; <see cref="KafkaExtensions.DefaultSettings"/> has its defaults.</summary>
    public static ConsumerSettings<TKey, TValue> Create(ActorSystem system, IDeserializer<TKey> keyDeserializer, IDeserializer<TValue> valueDeserializer)
        => Create(system.Settings.Config.GetConfig("akka.kafka.consumer"), keyDeserializer, valueDeserializer);

    /// <param name="config">A section laid out like <c>akka.kafka.consumer</c>.</param>
    public static ConsumerSettings<TKey, TValue> Create(Config config, IDeserializer<TKey> keyDeserializer, IDeserializer<TValue> valueDeserializer)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ConsumerSettings<TKey, TValue>
        {
            KeyDeserializer = keyDeserializer,
            ValueDeserializer = valueDeserializer,
            PollInterval = config.GetTimeSpan("poll-interval", TimeSpan.FromMilliseconds(50)),
            PollTimeout = config.GetTimeSpan("poll-timeout", TimeSpan.FromMilliseconds(50)),
            PartitionHandlerWarning = config.GetTimeSpan("partition-handler-warning", TimeSpan.FromSeconds(5)),
            StopTimeout = config.GetTimeSpan("stop-timeout", TimeSpan.FromSeconds(30)),
            PositionTimeout = config.GetTimeSpan("position-timeout", TimeSpan.FromSeconds(5)),
            WaitClosePartition = config.GetTimeSpan("wait-close-partition", TimeSpan.FromSeconds(1)),
            BufferSize = config.GetInt("buffer-size", 50),
            DispatcherId = config.GetString("use-dispatcher", "akka.kafka.default-dispatcher"),
            AutoCreateTopicsEnabled = config.GetBoolean("allow.auto.create.topics", true),
            Properties = KafkaExtensions.ClientProperties(config),
        };
    }

    /// <summary>Its subscription and its end are the caller's.</summary>
    public IConsumer<TKey, TValue> CreateKafkaConsumer(
        Action<IConsumer<TKey, TValue>, Error> consumeErrorHandler = null,
        Action<IConsumer<TKey, TValue>, List<TopicPartition>> partitionAssignedHandler = null,
        Action<IConsumer<TKey, TValue>, List<TopicPartitionOffset>> partitionRevokedHandler = null,
        Action<IConsumer<TKey, TValue>, string> statisticHandler = null)
        => Builder(consumeErrorHandler, statisticHandler)
            .SetPartitionsAssignedHandler((consumer, partitions) => partitionAssignedHandler?.Invoke(consumer, partitions))
            .SetPartitionsRevokedHandler((consumer, partitions) => partitionRevokedHandler?.Invoke(consumer, partitions))
            .Build();

    public string GetProperty(string key) => Properties.GetValueOrDefault(key, null);

    public ConsumerSettings<TKey, TValue> WithAutoCreateTopicsEnabled(bool autoCreateTopicsEnabled) => With(s => s.AutoCreateTopicsEnabled = autoCreateTopicsEnabled);

    public ConsumerSettings<TKey, TValue> WithBootstrapServers(string bootstrapServers) => WithProperty("bootstrap.servers", bootstrapServers);

    public ConsumerSettings<TKey, TValue> WithClientId(string clientId) => WithProperty("client.id", clientId);

    public ConsumerSettings<TKey, TValue> WithConsumerConfig(ConsumerConfig config) => WithProperties(config);

    public ConsumerSettings<TKey, TValue> WithDispatcher(string dispatcherId) => With(s => s.DispatcherId = dispatcherId);

    public ConsumerSettings<TKey, TValue> WithGroupId(string groupId) => WithProperty("group.id", groupId);

    public ConsumerSettings<TKey, TValue> WithKeyDeserializer(IDeserializer<TKey> keyDeserializer) => With(s => s.KeyDeserializer = keyDeserializer);

    public ConsumerSettings<TKey, TValue> WithPartitionHandlerWarning(TimeSpan partitionHandlerWarning) => With(s => s.PartitionHandlerWarning = partitionHandlerWarning);

    public ConsumerSettings<TKey, TValue> WithPollInterval(TimeSpan pollInterval) => With(s => s.PollInterval = pollInterval);

    public ConsumerSettings<TKey, TValue> WithPollTimeout(TimeSpan pollTimeout) => With(s => s.PollTimeout = pollTimeout);

    public ConsumerSettings<TKey, TValue> WithPositionTimeout(TimeSpan positionTimeout) => With(s => s.PositionTimeout = positionTimeout);

    public ConsumerSettings<TKey, TValue> WithProperties(IEnumerable<KeyValuePair<string, string>> properties)
        => With(s => s.Properties = s.Properties.SetItems(properties));

    public ConsumerSettings<TKey, TValue> WithProperty(string key, string value) => With(s => s.Properties = s.Properties.SetItem(key, value));

    public ConsumerSettings<TKey, TValue> WithStopTimeout(TimeSpan stopTimeout) => With(s => s.StopTimeout = stopTimeout);

    public ConsumerSettings<TKey, TValue> WithValueDeserializer(IDeserializer<TValue> valueDeserializer) => With(s => s.ValueDeserializer = valueDeserializer);

    public ConsumerSettings<TKey, TValue> WithWaitClosePartition(TimeSpan waitClosePartition) => With(s => s.WaitClosePartition = waitClosePartition);

    internal ConsumerBuilder<TKey, TValue> Builder(Action<IConsumer<TKey, TValue>, Error> onError, Action<IConsumer<TKey, TValue>, string> onStatistics)
        => new ConsumerBuilder<TKey, TValue>(Properties)
            .SetKeyDeserializer(KeyDeserializer)
            .SetValueDeserializer(ValueDeserializer)
            .SetErrorHandler((consumer, error) => onError?.Invoke(consumer, error))
            .SetStatisticsHandler((consumer, json) => onStatistics?.Invoke(consumer, json));

    private ConsumerSettings<TKey, TValue> With(Action<ConsumerSettings<TKey, TValue>> change)
    {
        var copy = (ConsumerSettings<TKey, TValue>)MemberwiseClone();
        change(copy);
        return copy;
    }
}
