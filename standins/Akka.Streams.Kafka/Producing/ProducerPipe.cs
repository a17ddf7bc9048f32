using Akka.Streams.Engine;
using Akka.Streams.Kafka.Messages;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Producing;

/// <summary>Passes results on, and closes the producer once the stream has ended in any way.</summary>
internal sealed class ProducerPipe<K, V, T>(Pipe<T> results, StreamRun run, IProducer<K, V> owned, TimeSpan flush) : Pipe<T>
{
    private int _closed;

    public override async ValueTask<bool> PullAsync()
    {
        try
        {
            if (await results.PullAsync().ConfigureAwait(false))
            {
                Current = results.Current;
                return true;
            }
        }
        catch (Exception)
        {
            Close();
            throw;
        }
        Close();
        return false;
    }

    public override void Cancel(Exception cause)
    {
        results.Cancel(cause);
        Close();
    }

    /// <summary>Sends one record; the task fails as the broker's answer or the producer does.</summary>
    public static Task<IResults<K, V, P>> Send<P>(IProducer<K, V> producer, IEnvelope<K, V, P> envelope)
    {
        switch (envelope)
        {
            case PassThroughMessage<K, V, P> pass:
                return Task.FromResult<IResults<K, V, P>>(new PassThroughResult<K, V, P>(pass.PassThrough));
            case Message<K, V, P> message:
                var answer = new TaskCompletionSource<IResults<K, V, P>>(TaskCreationOptions.RunContinuationsAsynchronously);
                void Answered(DeliveryReport<K, V> report)
                {
                    if (report.Error.IsError)
                        answer.SetException(new ProduceException<K, V>(report.Error, report));
                    else
                        answer.SetResult(new Result<K, V, P>(report, message));
                }
                var record = message.Record;
                if (record.Partition is { } partition)
                    producer.Produce(new TopicPartition(record.Topic, partition), record.Message, Answered);
                else
                    producer.Produce(record.Topic, record.Message, Answered);
                return answer.Task;
            default:
                throw new NotSupportedException($"This stand-in of Akka.Streams.Kafka sends the envelopes of ProducerMessage; {envelope?.GetType().Name ?? "null"} is none.");
        }
    }

    /// <summary>Flushing blocks, so a thread of the pool does it.</summary>
    private void Close()
    {
        if (owned == null || Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        run.Drive(() =>
        {
            owned.Flush(flush);
            owned.Dispose();
            return Task.CompletedTask;
        });
    }
}
