using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>How far a source is that reads topics, and what it waits for. Written by whoever reads, asked from anywhere.</summary>
internal sealed class ReadState(string pipeline, ILogger log)
{
    private SourceWait? _waiting;
    private ulong _acknowledged;
    private long _rows;
    private volatile bool _isOpen;

    /// <summary>Rows of all readings.</summary>
    public long Rows
    {
        get => Interlocked.Read(ref _rows);
        set => Interlocked.Exchange(ref _rows, value);
    }

    /// <summary>Whether it reads at the moment.</summary>
    public bool IsOpen
    {
        set => _isOpen = value;
    }

    /// <param name="received">What the newest cut reaches.</param>
    /// <param name="behind">Messages that are there and not read.</param>
    /// <param name="ends">Where each topic's partitions end at the newest cut.</param>
    public SourceProgress Progress(string slot, Lsn received, long behind, IReadOnlyDictionary<string, long[]>? ends = null) =>
        new(slot, received, new Lsn(Interlocked.Read(ref _acknowledged)), received, Rows, _isOpen) { Waiting = Volatile.Read(ref _waiting), MessagesBehind = behind, Ends = ends };

    /// <summary>Moves forward alone.</summary>
    public void Acknowledge(Lsn watermark)
    {
        ulong known;
        do known = Interlocked.Read(ref _acknowledged);
        while (watermark.Value > known && Interlocked.CompareExchange(ref _acknowledged, watermark.Value, known) != known);
    }

    public void Wait(SourceWait wait)
    {
        if (_waiting == wait) return;
        Volatile.Write(ref _waiting, wait);
        ReadLog.Waiting(log, pipeline, wait.Reason);
    }

    public void WaitIsOver() => Volatile.Write(ref _waiting, null);
}
