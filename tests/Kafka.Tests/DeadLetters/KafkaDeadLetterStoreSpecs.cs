using System.Text;
using Confluent.Kafka;
using PolyglotSync.Kafka.DeadLetters;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests.DeadLetters;

[Collection(nameof(Broker))]
[Trait("Category", "Integration")]
public sealed class KafkaDeadLetterStoreSpecs(Broker broker)
{
    private static DeadLetter Letter(int id, string? row = null) => new("shop", new TableName("public", "prices"), "insert", $$"""{"id":"{{id}}"}""",
        row ?? $$"""{"id":"{{id}}","note":"ü"}""", new Position(new Lsn(7), id), "refused", "CREATE (n)", DateTimeOffset.UnixEpoch);

    [SkippableFact]
    public async Task Letters_are_in_the_topic_before_they_count_as_stored()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings() with { DeadLetterTopic = true, MaxMessageBytes = 20_000 };
        var topic = $"{settings.Prefix}.__dead";
        var inner = new KeepingStore { Adding = () => End(topic).ShouldBe(2) };
        await using (var store = new KafkaDeadLetterStore(inner, settings, "shop"))
        {
            (await store.AddAsync([Letter(1), Letter(2) with { Follows = true, Cypher = null }], default)).ShouldBe(2);
            inner.Adding = () => { };
            (await store.AddAsync([Letter(3, $$"""{"id":"3","note":"{{new string('x', 30_000)}}"}""")], default)).ShouldBe(1);
            (await store.AddAsync([], default)).ShouldBe(0);
            (await store.CountAsync("shop", default)).ShouldBe(3);
        }
        inner.IsDisposed.ShouldBeTrue();

        var messages = Read(topic, 3);
        Encoding.UTF8.GetString(messages[0].Key).ShouldBe("""{"table":"public.prices","key":{"id":"1"}}""");
        Encoding.UTF8.GetString(messages[0].Value).ShouldBe(
            """{"pipeline":"shop","table":"public.prices","operation":"insert","key":{"id":"1"},"row":{"id":"1","note":"\u00FC"},"position":"0/7:1","reason":"refused","cypher":"CREATE (n)","follows":false,"at":"1970-01-01T00:00:00.000000Z"}""");
        Encoding.UTF8.GetString(messages[1].Value).ShouldContain("\"cypher\":null,\"follows\":true");
        var large = Encoding.UTF8.GetString(messages[2].Value);
        large.ShouldContain("\"truncated\":true");
        large.ShouldNotContain("row");
    }

    [SkippableFact]
    public async Task While_the_broker_is_away_nothing_counts_as_stored()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var inner = new KeepingStore();
        var settings = new KafkaSettings { BootstrapServers = $"127.0.0.1:{FreePort.Next()}", Prefix = "away", DeadLetterTopic = true, ConnectTimeoutMs = 1_000, DeliveryTimeoutMs = 1_000 };
        await using var store = new KafkaDeadLetterStore(inner, settings, "shop");
        (await Should.ThrowAsync<PipelineFailure>(store.AddAsync([Letter(1)], default))).Class.ShouldBe(FailureClass.Transient);
        inner.Letters.ShouldBeEmpty();
    }

    private long End(string topic)
    {
        using var consumer = Consumer();
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).High.Value;
    }

    private List<Message<byte[], byte[]>> Read(string topic, int count)
    {
        using var consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var messages = new List<Message<byte[], byte[]>>();
        while (messages.Count < count) messages.Add(consumer.Consume(TimeSpan.FromSeconds(20)).ShouldNotBeNull().Message);
        return messages;
    }

    private IConsumer<byte[], byte[]> Consumer() => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.Address, GroupId = Guid.NewGuid().ToString() }).Build();

    /// <summary>Keeps letters in memory.</summary>
    private sealed class KeepingStore : IDeadLetterStore, IAsyncDisposable
    {
        public List<DeadLetter> Letters { get; } = [];

        public Action Adding { get; set; } = () => { };

        public bool IsDisposed { get; private set; }

        public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
        {
            Adding();
            Letters.AddRange(letters);
            return Task.FromResult(letters.Count);
        }

        public Task<long> CountAsync(string pipeline, CancellationToken cancellationToken) => Task.FromResult((long)Letters.Count);

        public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
