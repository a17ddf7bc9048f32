using System.Text;
using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Tests.Topics;

[Collection(nameof(Broker))]
public sealed class KeyPartitionerSpecs(Broker broker)
{
    // the values of Kafka's own UtilsTest.testMurmur2
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_is_kafkas_murmur2(string key, int expected) => ((int)KeyPartitioner.Hash(Encoding.UTF8.GetBytes(key))).ShouldBe(expected);

    [SkippableFact]
    [Trait("Category", "Integration")]
    public async Task A_producer_puts_a_key_where_we_say()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        const int partitions = 7;
        var topic = $"{settings.Prefix}.public.keys";
        await broker.MakeAsync(topic, partitions);
        using var producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.Producer(settings, "keys")).Build();
        var keys = Enumerable.Range(0, 300).Select(n => Encoding.UTF8.GetBytes($"{{\"id\":{n * 7919},\"name\":\"{new string('ü', n % 11)}\"}}")).Append([]).ToList();
        var reports = await Task.WhenAll(keys.Select(k => producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = k, Value = k })));
        reports.Select(r => r.Partition.Value).ShouldBe(keys.Select(k => KeyPartitioner.PartitionOf(k, partitions)));
        reports.Select(r => r.Partition.Value).Distinct().Count().ShouldBe(partitions);
    }
}
