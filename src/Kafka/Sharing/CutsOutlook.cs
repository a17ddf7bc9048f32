using PolyglotSync.Kafka.Consuming;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>How far a pipeline is, for a node that stands by: the log of cuts is followed from when it is opened until it is closed, and nothing is known before and after. Opened and closed by whoever prepares to read; asked from anywhere.</summary>
/// <param name="topic">The log of cuts.</param>
internal sealed class CutsOutlook(KafkaSettings settings, string pipeline, string topic)
{
    private CutsReader? _reader;

    /// <inheritdoc cref="CutsReader.Newest"/>
    public CutStep? Newest => _reader?.Newest;

    /// <inheritdoc cref="CutsReader.CommitAfter"/>
    public long CommitAfter(Lsn watermark) => _reader?.CommitAfter(watermark) ?? 0;

    public void Open() => _reader ??= new CutsReader(settings, pipeline, topic, static _ => { });

    public async ValueTask CloseAsync()
    {
        var reader = _reader;
        _reader = null;
        if (reader is not null) await reader.DisposeAsync();
    }
}
