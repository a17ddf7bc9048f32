using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Topics;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests;

/// <summary>One broker for the tests that need one; each takes a prefix of its own.</summary>
public sealed class Broker : IAsyncLifetime
{
    private KafkaServer? _server;

    public static string? Missing => KafkaServer.Missing;

    public string Address => _server!.BootstrapServers;

    public async Task InitializeAsync()
    {
        if (Missing is null) _server = await KafkaServer.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    public KafkaSettings Settings() => new() { BootstrapServers = Address, Prefix = $"t{Guid.NewGuid():n}", ReplicationFactor = 1 };

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).Build();

    public async Task MakeAsync(string name, int partitions, params (string Key, string Value)[] configs)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs.ToDictionary(c => c.Key, c => c.Value) }]);
    }

    /// <summary>Writes into the log of cuts, as somebody else would.</summary>
    public async Task WriteCutsAsync(KafkaSettings settings, CutsRecord record)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Address }).Build();
        await producer.ProduceAsync(new TopicNames(settings).Cuts, new Message<byte[], byte[]> { Key = CutsCodec.Key(record), Value = CutsCodec.Value(record) });
    }

    public async Task<Dictionary<string, string>> ConfigsAsync(string topic)
    {
        using var admin = Admin();
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Name = topic, Type = ResourceType.Topic }]);
        return described[0].Entries.ToDictionary(e => e.Key, e => e.Value.Value);
    }
}

[CollectionDefinition(nameof(Broker))]
public sealed class BrokerCollection : ICollectionFixture<Broker>, ICollectionFixture<Database>;
