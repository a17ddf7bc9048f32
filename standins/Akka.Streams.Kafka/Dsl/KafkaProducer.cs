using Akka.Streams.Dsl;
using Akka.Streams.Engine;
using Akka.Streams.Kafka.Messages;
using Akka.Streams.Kafka.Producing;
using Akka.Streams.Kafka.Settings;
using Akka.Streams.Stages;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Dsl;

/// <summary>Sinks and flows that write to Kafka. Any error of the producer fails the stream.</summary>
public static class KafkaProducer
{
    /// <summary>With a producer of its own, which ends with the stream.</summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey, TValue>(ProducerSettings<TKey, TValue> settings)
        => Plain(FlexiFlow<TKey, TValue, NotUsed>(settings));

    /// <summary>With a producer that is the caller's, and stays open.</summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey, TValue>(ProducerSettings<TKey, TValue> settings, IProducer<TKey, TValue> producer)
        => Plain(FlexiFlow<TKey, TValue, NotUsed>(settings, producer));

    /// <inheritdoc cref="PlainSink{TKey,TValue}(ProducerSettings{TKey,TValue})"/>
    public static Flow<IEnvelope<TKey, TValue, TPassThrough>, IResults<TKey, TValue, TPassThrough>, NotUsed> FlexiFlow<TKey, TValue, TPassThrough>(ProducerSettings<TKey, TValue> settings)
        => new((run, up) => (Through(run, up, settings, settings.CreateKafkaProducer(), isOurs: true), NotUsed.Instance));

    /// <inheritdoc cref="PlainSink{TKey,TValue}(ProducerSettings{TKey,TValue},IProducer{TKey,TValue})"/>
    public static Flow<IEnvelope<TKey, TValue, TPassThrough>, IResults<TKey, TValue, TPassThrough>, NotUsed> FlexiFlow<TKey, TValue, TPassThrough>(ProducerSettings<TKey, TValue> settings, IProducer<TKey, TValue> producer)
        => new((run, up) => (Through(run, up, settings, producer, isOurs: false), NotUsed.Instance));

    private static Sink<ProducerRecord<K, V>, Task<Done>> Plain<K, V>(Flow<IEnvelope<K, V, NotUsed>, IResults<K, V, NotUsed>, NotUsed> flow)
        => Flow.Create<ProducerRecord<K, V>>().Select(ProducerMessage.Single).Via(flow).ToMaterialized(Sink.Ignore<IResults<K, V, NotUsed>>(), Keep.Right);

    private static Pipe<IResults<K, V, P>> Through<K, V, P>(StreamRun run, Pipe<IEnvelope<K, V, P>> up, ProducerSettings<K, V> settings, IProducer<K, V> producer, bool isOurs)
    {
        var results = Concurrent.SelectAsync(run, up, settings.Parallelism, envelope => ProducerPipe<K, V, IResults<K, V, P>>.Send(producer, envelope));
        return new ProducerPipe<K, V, IResults<K, V, P>>(results, run, isOurs ? producer : null, settings.FlushTimeout);
    }
}
