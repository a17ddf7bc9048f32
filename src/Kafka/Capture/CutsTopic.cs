using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary><c>PREFIX.__cuts</c> for whoever writes there: single records, and the log from its beginning, read back. One consumer of no group, until it is disposed.</summary>
internal sealed class CutsTopic : IDisposable
{
    /// <summary>How long a read may take to notice that it is not wanted any more.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly KafkaSettings _settings;
    private readonly TopicPartition _partition;
    private readonly BrokerTrouble _heard;

    /// <exception cref="PipelineFailure">librdkafka refuses a property.</exception>
    public CutsTopic(IProducer<byte[], byte[]> producer, KafkaSettings settings, string pipeline, BrokerTrouble heard)
    {
        (_producer, _settings, _heard) = (producer, settings, heard);
        _partition = new TopicPartition(new TopicNames(settings).Cuts, 0);
        try
        {
            var config = KafkaClients.Consumer(settings, pipeline);
            config.EnablePartitionEof = true;
            _consumer = new ConsumerBuilder<byte[], byte[]>(config).SetErrorHandler((_, error) => heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
            _consumer.Assign(new TopicPartitionOffset(_partition, Offset.Beginning));
        }
        catch (Exception e)
        {
            _consumer?.Dispose();
            throw KafkaFailures.Classify(e, settings.BootstrapServers, heard);
        }
    }

    /// <summary>Writes one record and waits for the broker.</summary>
    /// <returns>Its offset, and its size in bytes.</returns>
    /// <exception cref="PipelineFailure">The broker does not take it.</exception>
    public async Task<(long Offset, int Bytes)> WriteAsync(CutsRecord record, CancellationToken cancellationToken)
    {
        var message = new Message<byte[], byte[]> { Key = CutsCodec.Key(record), Value = CutsCodec.Value(record) };
        try
        {
            var delivered = await _producer.ProduceAsync(_partition, message, cancellationToken);
            return (delivered.Offset.Value, message.Key.Length + message.Value.Length);
        }
        catch (KafkaException e)
        {
            throw KafkaFailures.Classify(e, $"{_settings.BootstrapServers}, {_partition}", _heard);
        }
    }

    /// <summary>Reads on to the end that the log has now.</summary>
    /// <exception cref="PipelineFailure">The broker does not answer, or the log holds something else.</exception>
    public Task ReadToEndAsync(Action<CutsRecord> take, CancellationToken cancellationToken) => Task.Run(() =>
    {
        long end;
        try
        {
            end = _consumer.QueryWatermarkOffsets(_partition, _settings.Timeout()).High.Value;
        }
        catch (KafkaException e)
        {
            throw KafkaFailures.Classify(e, $"{_settings.BootstrapServers}, {_partition}", _heard);
        }
        Read(end, take, cancellationToken);
    }, cancellationToken);

    /// <summary>Reads on up to the record at an offset, that included.</summary>
    /// <exception cref="PipelineFailure">The log holds something else, or is gone.</exception>
    public Task ReadThroughAsync(long offset, Action<CutsRecord> take, CancellationToken cancellationToken) => Task.Run(() => Read(offset + 1, take, cancellationToken), cancellationToken);

    /// <summary>Reads on, as records come, until cancelled; on a thread of its own.</summary>
    /// <exception cref="PipelineFailure">The log holds something else, or is gone.</exception>
    public Task FollowAsync(Action<CutsRecord> take, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Read(long.MaxValue, take, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _consumer.Dispose();

    private void Read(long end, Action<CutsRecord> take, CancellationToken cancellationToken)
    {
        for (long next = 0; next < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (_consumer.Consume(Poll) is not { } read) continue;
                next = read.Offset.Value;
                if (read.IsPartitionEOF) continue;
                next++;
                if (CutsCodec.Read(read.Message.Key, read.Message.Value, $"{_settings.BootstrapServers}, {read.TopicPartition}, offset {read.Offset.Value}") is { } record) take(record);
            }
            catch (KafkaException e)
            {
                var failure = KafkaFailures.Classify(e, $"{_settings.BootstrapServers}, {_partition}", _heard);
                // the consumer finds its broker again by itself
                if (failure.Class != FailureClass.Transient) throw failure;
            }
        }
    }
}
