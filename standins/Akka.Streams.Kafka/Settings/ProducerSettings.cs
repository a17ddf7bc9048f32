using System.Collections.Immutable;
using Akka.Actor;
using Confluent.Kafka;
using Config = Akka.Configuration.Config;

namespace Akka.Streams.Kafka.Settings;

/// <summary>How a producer is made. Transactions are left out.</summary>
public sealed class ProducerSettings<TKey, TValue>
{
    private ProducerSettings() { }

    /// <summary>Decoration: librdkafka has its own threads.</summary>
    public string DispatcherId { get; private set; }

    /// <summary>How long the end of a stream waits for the producer's last records.</summary>
    public TimeSpan FlushTimeout { get; private set; }

    public object this[string propertyKey] => GetProperty(propertyKey);

    public ISerializer<TKey> KeySerializer { get; private set; }

    /// <summary>Records on their way to the broker at once.</summary>
    public int Parallelism { get; private set; }

    /// <summary>Properties of librdkafka.</summary>
    public IImmutableDictionary<string, string> Properties { get; private set; }

    public ISerializer<TValue> ValueSerializer { get; private set; }

    /// <summary>From the section <c>akka.kafka.producer</c>; <see cref="KafkaExtensions.DefaultSettings"/> has its defaults.</summary>
    public static ProducerSettings<TKey, TValue> Create(ActorSystem system, ISerializer<TKey> keySerializer, ISerializer<TValue> valueSerializer)
        => Create(system.Settings.Config.GetConfig("akka.kafka.producer"), keySerializer, valueSerializer);

    /// <param name="config">A section laid out like <c>akka.kafka.producer</c>.</param>
    public static ProducerSettings<TKey, TValue> Create(Config config, ISerializer<TKey> keySerializer, ISerializer<TValue> valueSerializer)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ProducerSettings<TKey, TValue>
        {
            KeySerializer = keySerializer,
            ValueSerializer = valueSerializer,
            Parallelism = config.GetInt("parallelism", 100),
            DispatcherId = config.GetString("use-dispatcher", "akka.kafka.default-dispatcher"),
            FlushTimeout = config.GetTimeSpan("flush-timeout", TimeSpan.FromSeconds(2)),
            Properties = KafkaExtensions.ClientProperties(config),
        };
    }

    /// <summary>Its end is the caller's.</summary>
    public IProducer<TKey, TValue> CreateKafkaProducer(Action<IProducer<TKey, TValue>, Error> producerErrorHandler = null)
        => new ProducerBuilder<TKey, TValue>(Properties)
            .SetKeySerializer(KeySerializer)
            .SetValueSerializer(ValueSerializer)
            .SetErrorHandler((producer, error) => producerErrorHandler?.Invoke(producer, error))
            .Build();

    public string GetProperty(string key) => Properties.GetValueOrDefault(key, null);

    public ProducerSettings<TKey, TValue> WithBootstrapServers(string bootstrapServers) => WithProperty("bootstrap.servers", bootstrapServers);

    public ProducerSettings<TKey, TValue> WithDispatcher(string dispatcherId) => With(s => s.DispatcherId = dispatcherId);

    public ProducerSettings<TKey, TValue> WithParallelism(int parallelism) => With(s => s.Parallelism = parallelism);

    public ProducerSettings<TKey, TValue> WithProducerConfig(ProducerConfig config) => WithProperties(config);

    public ProducerSettings<TKey, TValue> WithProperties(IEnumerable<KeyValuePair<string, string>> properties)
        => With(s => s.Properties = s.Properties.SetItems(properties));

    public ProducerSettings<TKey, TValue> WithProperty(string key, string value) => With(s => s.Properties = s.Properties.SetItem(key, value));

    private ProducerSettings<TKey, TValue> With(Action<ProducerSettings<TKey, TValue>> change)
    {
        var copy = (ProducerSettings<TKey, TValue>)MemberwiseClone();
        change(copy);
        return copy;
    }
}
