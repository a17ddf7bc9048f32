using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Kafka.Dsl;
using Akka.Streams.Kafka.Helpers;
using Akka.Streams.Kafka.Messages;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;

namespace StandIns.Tests.Kafka;

[Collection(nameof(Broker))]
[Trait("Category", "Integration")]
public sealed class OneSourceSpecs(Broker broker) : IAsyncLifetime
{
    private readonly ActorSystem _system = Broker.NewSystem();

    private ActorMaterializer Streams => _system.Materializer();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [SkippableFact]
    public async Task Partitions_are_read_from_the_offsets_that_are_named()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(2);
        await broker.FillAsync(topic, 0, 10);
        await broker.FillAsync(topic, 1, 10);
        var read = await KafkaConsumer.PlainSource(broker.Consumer(), Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(topic, 0, 4), new TopicPartitionOffset(topic, 1, 9)))
            .Take(7).RunWith(Sink.Seq<ConsumeResult<string, string>>(), Streams).WaitAsync(Eventually.Bound);
        read.Where(r => r.Partition == 0).Select(Broker.Number).ShouldBe([4, 5, 6, 7, 8, 9]);
        read.Where(r => r.Partition == 1).Select(Broker.Number).ShouldBe([9]);
    }

    [SkippableFact]
    public async Task What_a_sink_writes_a_source_reads_and_a_flow_tells_its_offset()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await Source.From(Enumerable.Range(0, 100)).Select(n => new ProducerRecord<string, string>(topic, $"k{n}", $"{n}"))
            .RunWith(KafkaProducer.PlainSink(broker.Producer()), Streams).WaitAsync(Eventually.Bound);
        var results = await Source.From([ProducerMessage.Single(new ProducerRecord<string, string>(topic, "k", "100"), "a"), ProducerMessage.PassThrough<string, string, string>("b")])
            .Via(KafkaProducer.FlexiFlow<string, string, string>(broker.Producer()))
            .RunWith(Sink.Seq<IResults<string, string, string>>(), Streams).WaitAsync(Eventually.Bound);
        results.Select(r => r.PassThrough).ShouldBe(["a", "b"]);
        results[0].ShouldBeOfType<Result<string, string, string>>().Offset.ShouldBe(new Offset(100));

        var read = await KafkaConsumer.PlainSource(broker.Consumer(), Subscriptions.Assignment(new TopicPartition(topic, 0)))
            .Take(101).RunWith(Sink.Seq<ConsumeResult<string, string>>(), Streams).WaitAsync(Eventually.Bound);
        read.Select(Broker.Number).ShouldBe(Enumerable.Range(0, 101));
    }

    [SkippableFact]
    public async Task A_record_that_is_too_large_fails_the_stream()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        var done = Source.Single(new ProducerRecord<string, string>(topic, "k", new string('x', 2_000_000))).RunWith(KafkaProducer.PlainSink(broker.Producer()), Streams);
        (await Should.ThrowAsync<KafkaException>(done.WaitAsync(Eventually.Bound))).Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
    }

    [SkippableFact]
    public async Task A_handler_hears_of_partitions()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 10);
        var handler = new Listening();
        var (control, done) = KafkaConsumer.PlainSource(broker.Consumer(), Subscriptions.Topics(topic).WithPartitionEventsHandler(handler))
            .Take(10).ToMaterialized(Sink.Seq<ConsumeResult<string, string>>(), Keep.Both).Run(Streams);
        (await done.WaitAsync(Eventually.Bound)).Select(Broker.Number).ShouldBe(Enumerable.Range(0, 10));
        await control.IsShutdown.WaitAsync(Eventually.Bound);
        handler.Assigned.ShouldBe([new TopicPartition(topic, 0)]);
        handler.Stopped.ShouldBe([new TopicPartition(topic, 0)]);
    }

    [SkippableFact]
    public async Task Reading_ahead_is_bounded_and_a_slow_reader_keeps_its_place_in_the_group()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 400, bytes: 100_000);
        var hold = new TaskCompletionSource();
        var made = 0;
        var settings = broker.Consumer().WithValueDeserializer(new Counting(() => Interlocked.Increment(ref made)));
        var (control, done) = KafkaConsumer.PlainSource(settings, Subscriptions.Topics(topic))
            .SelectAsync(1, async r =>
            {
                await hold.Task;
                return Broker.Number(r);
            })
            .Take(400).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(Streams);
        await Eventually.True(() => Volatile.Read(ref made) > 0, "reading has begun");
        // the real one takes up ten records a poll, and polls when asked; strings of 100,000 characters weigh 200,000: no more than about 84 fit into 16 MiB; each poll of a full consumer may bring one more
        Volatile.Read(ref made).ShouldBeLessThan(200);
        hold.SetResult();
        (await done.WaitAsync(Eventually.Bound)).ShouldBe(Enumerable.Range(0, 400));
        await control.IsShutdown.WaitAsync(Eventually.Bound);
    }

    [SkippableFact]
    public async Task Draining_hands_the_streams_result_over_and_closes_the_consumer()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 5);
        var seen = 0;
        var (control, done) = KafkaConsumer.PlainSource(broker.Consumer(), Subscriptions.Topics(topic))
            .Select(r =>
            {
                Interlocked.Increment(ref seen);
                return r;
            })
            .ToMaterialized(Sink.Seq<ConsumeResult<string, string>>(), Keep.Both).Run(Streams);
        await Eventually.True(() => Volatile.Read(ref seen) == 5, "all read");
        (await control.DrainAndShutdown(done).WaitAsync(Eventually.Bound)).Count.ShouldBe(5);
        control.IsShutdown.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Text_that_does_not_deserialize_fails_the_stream()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 1);
        var settings = broker.Consumer().WithValueDeserializer(new Counting(() => throw new FormatException("not this one")));
        var done = KafkaConsumer.PlainSource(settings, Subscriptions.Topics(topic)).RunWith(Sink.Ignore<ConsumeResult<string, string>>(), Streams);
        (await Should.ThrowAsync<ConsumeException>(done.WaitAsync(Eventually.Bound))).Error.Code.ShouldBe(ErrorCode.Local_ValueDeserialization);
    }

    private sealed class Counting(Action onRecord) : IDeserializer<string>
    {
        public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            onRecord();
            return Deserializers.Utf8.Deserialize(data, isNull, context);
        }
    }

    /// <summary>It does not seek: the real one is told before librdkafka fetches, and that cannot be sought yet (Local: Erroneous state).</summary>
    private sealed class Listening : IPartitionEventHandler
    {
        public List<TopicPartition> Assigned { get; } = [];

        public List<TopicPartition> Stopped { get; } = [];

        public void OnAssign(IImmutableSet<TopicPartition> assignedTopicPartitions, IRestrictedConsumer consumer) => Assigned.AddRange(assignedTopicPartitions);

        public void OnRevoke(IImmutableSet<TopicPartitionOffset> revokedTopicPartitions, IRestrictedConsumer consumer)
        {
        }

        public void OnStop(IImmutableSet<TopicPartition> topicPartitions, IRestrictedConsumer consumer) => Stopped.AddRange(topicPartitions);
    }
}
