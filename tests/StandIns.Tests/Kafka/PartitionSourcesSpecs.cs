using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Kafka.Dsl;
using Akka.Streams.Kafka.Helpers;
using Akka.Streams.Kafka.Settings;
using Akka.Streams.Kafka.Stages.Consumers.Exceptions;
using Confluent.Kafka;

namespace StandIns.Tests.Kafka;

[Collection(nameof(Broker))]
[Trait("Category", "Integration")]
public sealed class PartitionSourcesSpecs(Broker broker) : IAsyncLifetime
{
    private static readonly TimeSpan Rebalanced = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = Broker.NewSystem();
    private readonly ConcurrentDictionary<TopicPartition, long> _next = new();

    private ActorMaterializer Streams => _system.Materializer();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    /// <summary>One member of a group: what it reads goes to the callback with its partition, and moves the partition's offset. It says how many partitions it got last.</summary>
    private (IControl Control, Task Done, Func<int> Held) Join(ConsumerSettings<string, string> settings, string topic, Action<ConsumeResult<string, string>> read)
    {
        var held = 0;
        var (control, done) = KafkaConsumer.PlainPartitionedManualOffsetSource(settings, Subscriptions.Topics(topic), partitions =>
        {
            Volatile.Write(ref held, partitions.Count);
            return Offsets(partitions);
        }, _ => { }).ToMaterialized(Sink.ForEach<(TopicPartition, Source<ConsumeResult<string, string>, Akka.NotUsed>)>(one => one.Item2.RunForeach(r =>
        {
            read(r);
            _next[r.TopicPartition] = r.Offset + 1;
        }, Streams)), Keep.Both).Run(Streams);
        return (control, done, () => Volatile.Read(ref held));
    }

    private Task<IImmutableSet<TopicPartitionOffset>> Offsets(IImmutableSet<TopicPartition> partitions)
        => Task.FromResult<IImmutableSet<TopicPartitionOffset>>(partitions.Select(p => new TopicPartitionOffset(p, _next.GetValueOrDefault(p, 0))).ToImmutableHashSet());

    [SkippableFact]
    public async Task Each_partition_is_a_source_from_the_offset_that_the_caller_names()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(2);
        await broker.FillAsync(topic, 0, 10);
        await broker.FillAsync(topic, 1, 10);
        _next[new TopicPartition(topic, 1)] = 6;
        var read = new ConcurrentQueue<ConsumeResult<string, string>>();
        var (control, done, _) = Join(broker.Consumer(), topic, read.Enqueue);
        await Eventually.True(() => read.Count == 14, "ten records and four");
        await control.Shutdown().WaitAsync(Eventually.Bound);
        await done.WaitAsync(Eventually.Bound);
        read.Where(r => r.Partition == 0).Select(Broker.Number).ShouldBe(Enumerable.Range(0, 10));
        read.Where(r => r.Partition == 1).Select(Broker.Number).ShouldBe(Enumerable.Range(6, 4));
    }

    [SkippableFact]
    public async Task A_partition_that_nobody_reads_does_not_hold_up_the_others()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(2);
        await broker.FillAsync(topic, 0, 60_000, bytes: 300);
        await broker.FillAsync(topic, 1, 20_000);
        var read = 0;
        var gate = new TaskCompletionSource();
        var slow = 0;
        var (control, done) = KafkaConsumer.PlainPartitionedManualOffsetSource(broker.Consumer(), Subscriptions.Topics(topic), Offsets, _ => { })
            .ToMaterialized(Sink.ForEach<(TopicPartition, Source<ConsumeResult<string, string>, Akka.NotUsed>)>(one => one.Item2.SelectAsync(1, async r =>
            {
                if (one.Item1.Partition == 0) await gate.Task;
                return r;
            }).RunForeach(r => Interlocked.Increment(ref (one.Item1.Partition == 0 ? ref slow : ref read)), Streams)), Keep.Both).Run(Streams);
        await Eventually.True(() => Volatile.Read(ref read) == 20_000, "all of the other partition");
        gate.SetResult();
        await Eventually.True(() => Volatile.Read(ref slow) == 60_000, "all of the partition that was held up");
        await control.Shutdown().WaitAsync(Eventually.Bound);
        await done.WaitAsync(Eventually.Bound);
    }

    [SkippableFact]
    public async Task A_second_member_takes_partitions_over_without_a_gap_or_a_double()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(4);
        var group = $"group-{Guid.NewGuid():n}";
        var seen = new ConcurrentDictionary<(int Partition, long Offset), int>();
        var readers = new ConcurrentDictionary<int, string>();
        void Read(string member, ConsumeResult<string, string> r)
        {
            seen.AddOrUpdate((r.Partition.Value, r.Offset.Value), 1, (_, n) => n + 1);
            readers[r.Partition.Value] = member;
        }
        async Task FillAll(int from)
        {
            for (var p = 0; p < 4; p++)
                await broker.FillAsync(topic, p, 100, from);
        }

        var first = Join(broker.Consumer(group), topic, r => Read("first", r));
        await FillAll(0);
        await Eventually.True(() => seen.Count == 400, "the first member reads all");
        var second = Join(broker.Consumer(group), topic, r => Read("second", r));
        // a record that is on its way in the reader when its partition goes is read by the next member, too: nothing is, while they share out
        await Until(() => first.Held() == 2 && second.Held() == 2, "the first member gives partitions up");
        await FillAll(100);
        await Until(() => seen.Count == 800, "both members read on");
        readers.Values.Distinct().Order().ShouldBe(["first", "second"]);

        await first.Control.Shutdown().WaitAsync(Eventually.Bound);
        await Until(() => second.Held() == 4, "the second member takes all partitions over");
        await FillAll(200);
        await Until(() => seen.Count == 1200, "the second member reads all");
        readers.Values.Distinct().ShouldBe(["second"]);
        await second.Control.Shutdown().WaitAsync(Eventually.Bound);
        seen.Where(s => s.Value > 1).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_source_that_its_reader_left_comes_again_from_the_next_record()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 30);
        var read = new ConcurrentQueue<int>();
        var (control, done) = KafkaConsumer.PlainPartitionedSource(broker.Consumer(), Subscriptions.Topics(topic))
            .ToMaterialized(Sink.ForEach<(TopicPartition, Source<ConsumeResult<string, string>, Akka.NotUsed>)>(one =>
                one.Item2.Take(10).RunForeach(r => read.Enqueue(Broker.Number(r)), Streams)), Keep.Both).Run(Streams);
        await Eventually.True(() => read.Count == 30, "three sources of ten");
        read.ShouldBe(Enumerable.Range(0, 30));
        await control.Shutdown().WaitAsync(Eventually.Bound);
        await done.WaitAsync(Eventually.Bound);
    }

    [SkippableFact]
    public async Task Offsets_that_cannot_be_told_fail_the_stream()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        var (control, done) = KafkaConsumer.PlainPartitionedManualOffsetSource(broker.Consumer(), Subscriptions.Topics(topic),
                _ => Task.FromException<IImmutableSet<TopicPartitionOffset>>(new InvalidOperationException("the graph is away")), _ => { })
            .ToMaterialized(Sink.Ignore<(TopicPartition, Source<ConsumeResult<string, string>, Akka.NotUsed>)>(), Keep.Both).Run(Streams);
        (await Should.ThrowAsync<ConsumerFailed>(done.WaitAsync(Eventually.Bound))).InnerException!.GetBaseException().Message.ShouldBe("the graph is away");
        await control.IsShutdown.WaitAsync(Eventually.Bound);
    }

    [SkippableFact]
    public async Task An_offset_that_retention_ate_fails_the_stream()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var topic = await broker.TopicAsync(1);
        await broker.FillAsync(topic, 0, 10);
        _next[new TopicPartition(topic, 0)] = 5_000;
        var done = KafkaConsumer.PlainPartitionedManualOffsetSource(broker.Consumer().WithProperty("auto.offset.reset", "error"), Subscriptions.Topics(topic), Offsets, _ => { })
            .RunWith(Sink.Ignore<(TopicPartition, Source<ConsumeResult<string, string>, Akka.NotUsed>)>(), Streams);
        (await Should.ThrowAsync<KafkaException>(done.WaitAsync(Eventually.Bound))).Error.Code.ShouldBe(ErrorCode.Local_AutoOffsetReset);
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        var until = DateTime.UtcNow + Rebalanced;
        while (!condition())
        {
            (DateTime.UtcNow < until).ShouldBeTrue($"{what} did not come true in {Rebalanced}");
            await Task.Delay(20);
        }
    }
}
