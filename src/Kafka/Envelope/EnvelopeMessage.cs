namespace PolyglotSync.Kafka.Envelope;

/// <summary>One Kafka message, in the writer's buffer: valid until the writer's next call.</summary>
/// <param name="Key">The key's JSON; empty where the message has no key (a truncate).</param>
/// <param name="Value">The envelope's JSON; empty where the message is a tombstone: its value is null.</param>
/// <param name="Header">The name of the header to set, or null: <see cref="EnvelopeWriter.NewKeyHeader"/> on the messages of the key that a row leaves,
/// <see cref="EnvelopeWriter.OldKeyHeader"/> on the one of the key that it takes.</param>
/// <param name="HeaderValue">The other key's JSON.</param>
public readonly record struct EnvelopeMessage(
    ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, string? Header = null, ReadOnlyMemory<byte> HeaderValue = default)
{
    public bool IsTombstone => Value.IsEmpty;
}

/// <summary>What the envelopes say of their source.</summary>
/// <param name="Prefix">The topics' prefix: Debezium's <c>topic.prefix</c>, <c>source.name</c>.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Version">What wrote them: <c>source.version</c>.</param>
/// <param name="Epoch">Number of the capture's start, <c>source.epoch</c>: tells what it wrote from what one before it that lives on as a zombie writes; 0: none.</param>
public sealed record EnvelopeOrigin(string Prefix, string Database, string Version, long Epoch = 0);
