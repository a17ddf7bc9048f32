using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace PolyglotSync.Integration.Worlds;

/// <summary>Somebody else at the broker: writes what nobody asked for, and looks.</summary>
public sealed class BrokerClient(string address) : IDisposable
{
    private const int MaxBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = address, MessageMaxBytes = MaxBytes }).Build();
    private readonly IAdminClient _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();

    /// <returns>Its offset in partition 0.</returns>
    public async Task<long> WriteAsync(string topic, string? key, string? value) =>
        (await _producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[]?, byte[]?> { Key = Bytes(key), Value = Bytes(value) })).Offset.Value;

    /// <summary>What partition 0 holds, from its beginning.</summary>
    public IReadOnlyList<(string Key, string Value)> Read(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = address, GroupId = "looker", EnableAutoCommit = false, EnablePartitionEof = true }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var read = new List<(string, string)>();
        while (consumer.Consume(Patience) is { } result)
        {
            if (result.IsPartitionEOF) return read;
            read.Add((Text(result.Message.Key), Text(result.Message.Value)));
        }
        throw new TimeoutException($"topic {topic} could not be read to its end in {Patience.TotalSeconds:0} s");
    }

    public IReadOnlyList<string> Topics() => [.. _admin.GetMetadata(Patience).Topics.Select(t => t.Topic)];

    public Task ConfigureAsync(string topic, string name, string value) => _admin.AlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
    {
        [new ConfigResource { Name = topic, Type = ResourceType.Topic }] = [new ConfigEntry { Name = name, Value = value }],
    });

    public void Dispose()
    {
        _producer.Dispose();
        _admin.Dispose();
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static string Text(byte[]? bytes) => bytes is null ? "" : Encoding.UTF8.GetString(bytes);
}
