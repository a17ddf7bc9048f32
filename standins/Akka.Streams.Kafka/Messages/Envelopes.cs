using Confluent.Kafka;

namespace Akka.Streams.Kafka.Messages;

/// <summary>What goes into a producing flow: a record or none, and something to pass through.</summary>
public interface IEnvelope<K, V, out TPassThrough>
{
    TPassThrough PassThrough { get; }

    IEnvelope<K, V, TPassThrough2> WithPassThrough<TPassThrough2>(TPassThrough2 value);
}

/// <summary>What comes out of a producing flow once the broker has acknowledged.</summary>
public interface IResults<K, V, out TPassThrough>
{
    TPassThrough PassThrough { get; }
}

/// <summary>One record.</summary>
public sealed class Message<K, V, TPassThrough> : IEnvelope<K, V, TPassThrough>
{
    public Message(ProducerRecord<K, V> record, TPassThrough passThrough) => (Record, PassThrough) = (record, passThrough);

    public TPassThrough PassThrough { get; }

    public ProducerRecord<K, V> Record { get; }

    public IEnvelope<K, V, TPassThrough2> WithPassThrough<TPassThrough2>(TPassThrough2 value) => new Message<K, V, TPassThrough2>(Record, value);
}

/// <summary>No record: what it carries keeps its place among the results.</summary>
public sealed class PassThroughMessage<K, V, TPassThrough> : IEnvelope<K, V, TPassThrough>
{
    public PassThroughMessage(TPassThrough passThrough) => PassThrough = passThrough;

    public TPassThrough PassThrough { get; }

    public IEnvelope<K, V, TPassThrough2> WithPassThrough<TPassThrough2>(TPassThrough2 value) => new PassThroughMessage<K, V, TPassThrough2>(value);
}

/// <summary>One record that the broker has.</summary>
public sealed class Result<K, V, TPassThrough> : IResults<K, V, TPassThrough>
{
    public Result(DeliveryReport<K, V> metadata, Message<K, V, TPassThrough> message) => (Metadata, Message) = (metadata, message);

    public Message<K, V, TPassThrough> Message { get; }

    public DeliveryReport<K, V> Metadata { get; }

    public Offset Offset => Metadata.Offset;

    public TPassThrough PassThrough => Message.PassThrough;
}

/// <summary>Of an envelope without a record.</summary>
public sealed class PassThroughResult<K, V, TPassThrough> : IResults<K, V, TPassThrough>
{
    public PassThroughResult(TPassThrough passThrough) => PassThrough = passThrough;

    public TPassThrough PassThrough { get; }
}

/// <summary>Makes envelopes.</summary>
public static class ProducerMessage
{
    public static IEnvelope<K, V, NotUsed> Single<K, V>(ProducerRecord<K, V> record) => Single(record, NotUsed.Instance);

    public static IEnvelope<K, V, TPassThrough> Single<K, V, TPassThrough>(ProducerRecord<K, V> record, TPassThrough passThrough)
        => new Message<K, V, TPassThrough>(record, passThrough);

    public static IEnvelope<K, V, NotUsed> PassThrough<K, V>() => PassThrough<K, V, NotUsed>(NotUsed.Instance);

    public static IEnvelope<K, V, TPassThrough> PassThrough<K, V, TPassThrough>(TPassThrough passThrough) => new PassThroughMessage<K, V, TPassThrough>(passThrough);
}
