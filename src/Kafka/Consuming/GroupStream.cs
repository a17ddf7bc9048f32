using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Kafka.Dsl;
using Akka.Streams.Kafka.Helpers;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Membership in a consumer group as a stream of Akka.Streams.Kafka: partitions are dealt to it and taken away. The partitioned source gives partitions back in the way of the eager protocol, so the configuration
/// must name one of its strategies; and it seeks a partition before librdkafka has begun to fetch it, which fails (Local: Erroneous state). So nothing is sought: a partition is read from where
/// <c>auto.offset.reset</c> says, since no offset is ever committed.
/// </summary>
internal sealed class GroupStream : IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IControl _control;

    /// <param name="where">Broker and topics, for messages.</param>
    /// <param name="dealt">Told of partitions that came; of none where there is nothing for this member.</param>
    /// <param name="taken">Told of partitions that are gone; of none where all have come back.</param>
    /// <param name="open">Given the messages of each partition that was dealt; one that nobody runs asks for nothing, and is paused.</param>
    /// <param name="ended">Told why it ended.</param>
    public GroupStream(
        ConsumerConfig config, IReadOnlyCollection<string> topics, string where, ActorSystem system, Action<IImmutableSet<TopicPartition>> dealt,
        Action<IImmutableSet<TopicPartition>> taken, Action<Source<ConsumeResult<byte[], byte[]>, NotUsed>> open, Action<PipelineFailure> ended)
    {
        var consumer = ConsumerSettings<byte[], byte[]>.Create(system, Deserializers.ByteArray, Deserializers.ByteArray)
            .WithConsumerConfig(config)
            .WithAutoCreateTopicsEnabled(false)
            .WithPollTimeout(TimeSpan.FromMilliseconds(50))
            // whoever goes makes room at once
            .WithStopTimeout(TimeSpan.Zero);
        (_control, var done) = KafkaConsumer.PlainPartitionedManualOffsetSource(consumer, Subscriptions.Topics([.. topics]), Begin, taken)
            .ToMaterialized(Sink.ForEach<(TopicPartition, Source<ConsumeResult<byte[], byte[]>, NotUsed>)>(partition => open(partition.Item2)), Keep.Both)
            .Run(system.Materializer());
        _ = FinishAsync(done, where, ended);

        Task<IImmutableSet<TopicPartitionOffset>> Begin(IImmutableSet<TopicPartition> partitions)
        {
            dealt(partitions);
            return Task.FromResult<IImmutableSet<TopicPartitionOffset>>([]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _control.Shutdown();
        await _ended.Task;
    }

    private async Task FinishAsync(Task done, string where, Action<PipelineFailure> ended)
    {
        try
        {
            await done;
            ended(new PipelineFailure(FailureClass.Transient, $"Kafka {where}: reading has ended"));
        }
        catch (Exception e)
        {
            ended(KafkaFailures.Classify(KafkaFailures.Cause(e), where));
        }
        _ended.TrySetResult();
    }
}
