using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Writes a change and reads its messages back.</summary>
internal sealed class RoundTrip(params Relation[] relations)
{
    public static readonly EnvelopeOrigin Origin = new("app", "shop", "PolyglotSync 0.1.0");

    private readonly EnvelopeReader _reader = new(relations, [], new EnvelopeOptions());

    public EnvelopeWriter Writer { get; } = new(Origin, TimeProvider.System);

    /// <summary>One batch of what the messages became, and what each was.</summary>
    public (ChangeBatch Batch, IReadOnlyList<EnvelopeRead> Reads) Of(ChangeBatch batch, EnvelopeReader? reader = null)
    {
        var back = new ChangeBatchWriter(256, 4);
        var reads = new List<EnvelopeRead>();
        foreach (var entry in batch.Entries)
            foreach (var message in Writer.Write(batch, entry)) reads.Add((reader ?? _reader).Read(message.Key.Span, message.Value.Span, back));
        return (back.Complete(null), reads);
    }
}
