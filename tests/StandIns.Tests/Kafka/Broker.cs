using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PolyglotSync.Testing;

namespace StandIns.Tests.Kafka;

/// <summary>One broker for all specs of Kafka; each makes topics of its own.</summary>
public sealed class Broker : IAsyncLifetime
{
    private KafkaServer? _server;

    public static string? Missing => KafkaServer.Missing;

    public ActorSystem Sys { get; } = NewSystem();

    public string Address => _server!.BootstrapServers;

    /// <summary>For a spec whose streams are to end with it: a system's materializer is shared.</summary>
    public static ActorSystem NewSystem() =>
        ActorSystem.Create("kafka", KafkaExtensions.DefaultSettings.WithFallback(Akka.Configuration.ConfigurationFactory.Default()));

    public async Task InitializeAsync()
    {
        if (Missing is null) _server = await KafkaServer.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        await Sys.Terminate();
        if (_server is not null) await _server.DisposeAsync();
    }

    public async Task<string> TopicAsync(int partitions)
    {
        var name = $"spec-{Guid.NewGuid():n}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return name;
    }

    /// <summary>Values 0 to count - 1 into one partition.</summary>
    public async Task FillAsync(string topic, int partition, int count, int from = 0, int bytes = 0)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = Address, LingerMs = 5, MessageMaxBytes = 4_000_000 }).Build();
        var padding = new string('x', bytes);
        var last = Task.CompletedTask;
        for (var n = from; n < from + count; n++)
            last = producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Key = $"k{n}", Value = $"{n}{padding}" });
        await last.WaitAsync(Eventually.Bound);
        producer.Flush(Eventually.Bound);
    }

    public ConsumerSettings<string, string> Consumer(string? group = null) => ConsumerSettings<string, string>
        .Create(Sys, Deserializers.Utf8, Deserializers.Utf8)
        .WithBootstrapServers(Address)
        .WithGroupId(group ?? $"group-{Guid.NewGuid():n}")
        .WithProperty("auto.offset.reset", "earliest")
        .WithProperty("session.timeout.ms", "6000")
        .WithStopTimeout(TimeSpan.Zero);

    public ProducerSettings<string, string> Producer() => ProducerSettings<string, string>
        .Create(Sys, Serializers.Utf8, Serializers.Utf8)
        .WithBootstrapServers(Address);

    public static int Number(ConsumeResult<string, string> record) => int.Parse(record.Message.Value.TrimEnd('x'));
}

[CollectionDefinition(nameof(Broker))]
public sealed class BrokerCollection : ICollectionFixture<Broker>;
