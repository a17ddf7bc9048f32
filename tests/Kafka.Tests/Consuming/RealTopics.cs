using Confluent.Kafka;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>Puts into a broker's topics what is in those in memory.</summary>
internal sealed class RealTopics(Broker broker, KafkaSettings settings) : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(
        new ProducerConfig { BootstrapServers = broker.Address, EnableIdempotence = true, LingerMs = 2 }).Build();

    public string Cuts => $"{settings.Prefix}.__cuts";

    public async Task MakeAsync(IReadOnlyDictionary<string, List<RawMessage>[]> messages)
    {
        await broker.MakeAsync(Cuts, 1, ("cleanup.policy", "compact"));
        foreach (var (topic, partitions) in messages) await broker.MakeAsync(Named(topic), partitions.Length);
    }

    public void Write(IReadOnlyDictionary<string, List<RawMessage>[]> messages)
    {
        foreach (var (topic, partitions) in messages)
        {
            for (var p = 0; p < partitions.Length; p++)
            {
                foreach (var message in partitions[p])
                {
                    Send(new TopicPartition(Named(topic), p), new Message<byte[]?, byte[]?>
                    { Key = message.Key.IsEmpty ? null : message.Key.ToArray(), Value = message.Value.IsEmpty ? null : message.Value.ToArray() });
                }
            }
        }
        _producer.Flush(TimeSpan.FromSeconds(30));
    }

    public void Write(IEnumerable<CutsRecord> records)
    {
        foreach (var record in records)
        {
            var named = record switch
            {
                EpochRecord epoch => epoch with { Offsets = Named(epoch.Offsets), Ends = Named(epoch.Ends) },
                CutRecord cut => cut with { Offsets = Named(cut.Offsets) },
                _ => record,
            };
            Send(new TopicPartition(Cuts, 0), new Message<byte[]?, byte[]?> { Key = CutsCodec.Key(named), Value = CutsCodec.Value(named) });
        }
        _producer.Flush(TimeSpan.FromSeconds(30));
    }

    public string Named(string topic) => settings.Prefix + topic[FakeTopics.Prefix.Length..];

    public void Dispose() => _producer.Dispose();

    private Dictionary<string, long[]> Named(IReadOnlyDictionary<string, long[]> offsets) => offsets.ToDictionary(o => Named(o.Key), o => o.Value);

    private void Send(TopicPartition to, Message<byte[]?, byte[]?> message)
    {
        while (true)
        {
            try
            {
                _producer.Produce(to, message);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Flush(TimeSpan.FromSeconds(1));
            }
        }
    }
}
