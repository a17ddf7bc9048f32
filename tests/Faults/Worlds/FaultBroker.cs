using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PolyglotSync.Faults.Network;
using PolyglotSync.Testing;

namespace PolyglotSync.Faults.Worlds;

/// <summary>A Kafka that runs may kill, behind a proxy: the address that it tells its clients is the proxy's.</summary>
public sealed class FaultBroker : IAsyncDisposable
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(20);

    private FaultBroker(KafkaServer server, TcpProxy proxy) => (Server, Proxy) = (server, proxy);

    public static string? Missing => KafkaServer.Missing
        ?? (Environment.GetEnvironmentVariable("POLYSYNC_TEST_KAFKA") is { Length: > 0 } given ? $"the Kafka at POLYSYNC_TEST_KAFKA ({given}) is not ours to kill" : null);

    public KafkaServer Server { get; }

    /// <summary>Between clients and broker.</summary>
    public TcpProxy Proxy { get; }

    /// <summary>Of the proxy.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Proxy.Port}");

    public static async Task<FaultBroker> StartAsync()
    {
        var proxy = new TcpProxy();
        var server = await KafkaServer.StartNewAsync(new KafkaOptions
        {
            ServerProperties = new Dictionary<string, string>
            {
                ["advertised.listeners"] = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{proxy.Port},CONTROLLER://127.0.0.1:{{controller}}"),
                // a node that is killed is missed sooner than anybody would want in earnest: a run sees more changes of hands
                ["group.min.session.timeout.ms"] = "1000",
                ["log.segment.delete.delay.ms"] = "1000",
            },
        });
        proxy.LeadTo(int.Parse(server.BootstrapServers.Split(':')[1], CultureInfo.InvariantCulture));
        return new FaultBroker(server, proxy);
    }

    public async Task DeleteTopicAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { OperationTimeout = AnswersWithin, RequestTimeout = AnswersWithin });
        await Eventually.AsyncTrue(() => Task.FromResult(!Topics(admin, topic).Any(t => t.Topic == topic)), what: $"topic {topic} is gone");
    }

    /// <summary>All topics of a prefix.</summary>
    public async Task DeleteTopicsAsync(string prefix)
    {
        using var admin = Admin();
        var topics = Topics(admin, prefix + ".").Select(t => t.Topic).ToList();
        if (topics.Count > 0) await admin.DeleteTopicsAsync(topics, new DeleteTopicsOptions { OperationTimeout = AnswersWithin, RequestTimeout = AnswersWithin });
    }

    /// <summary>What retention does: the partitions begin at their ends.</summary>
    public async Task ForgetAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteRecordsAsync(Topics(admin, topic).Single(t => t.Topic == topic).Partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.End)));
    }

    /// <summary>The end of each partition.</summary>
    public async Task<long[]> EndsAsync(string topic)
    {
        using var admin = Admin();
        var partitions = Topics(admin, topic).Single(t => t.Topic == topic).Partitions.Select(p => p.PartitionId).Order().ToList();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Address, GroupId = "ends", EnableAutoCommit = false }).Build();
        return await Task.Run(() => partitions.Select(p => consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), AnswersWithin).High.Value).ToArray());
    }

    /// <summary>Writes a message of somebody else's.</summary>
    public async Task WriteAsync(string topic, byte[] key, byte[] value)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Address }).Build();
        await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = key, Value = value });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    private static IEnumerable<TopicMetadata> Topics(IAdminClient admin, string start) =>
        admin.GetMetadata(AnswersWithin).Topics.Where(t => t.Topic.StartsWith(start, StringComparison.Ordinal) && !t.Error.IsError);

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).SetLogHandler(static (_, _) => { }).Build();
}
