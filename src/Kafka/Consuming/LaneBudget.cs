namespace PolyglotSync.Kafka.Consuming;

/// <summary>How much all lanes may hold, and the place where the reading thread waits for room.</summary>
/// <param name="capacity">Bytes of messages, each counted with what it costs itself.</param>
internal sealed class LaneBudget(long capacity)
{
    private const int OfMessage = 200;
    private const long Least = 4 * 1024 * 1024;

    private readonly object _gate = new();
    private long _held;
    private bool _isWoken;

    /// <summary>A quarter of what a pipeline may have in flight: the rest is for batches.</summary>
    public static LaneBudget Of(LimitSettings limits) => new(Math.Max(Least, limits.MaxInFlightBytes / 4));

    public long Capacity => capacity;

    public bool IsFull => Interlocked.Read(ref _held) >= capacity;

    public bool IsHalfEmpty => Interlocked.Read(ref _held) < capacity / 2;

    public static int Weight(in RawMessage message) => message.Bytes + OfMessage;

    public void Add(long weight) => Interlocked.Add(ref _held, weight);

    public void Release(long weight)
    {
        if (Interlocked.Add(ref _held, -weight) + weight >= capacity) Wake();
    }

    /// <summary>Waits until something was released or somebody calls <see cref="Wake"/>.</summary>
    public void Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_isWoken) Monitor.Wait(_gate, atMost);
            _isWoken = false;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.PulseAll(_gate);
        }
    }
}
