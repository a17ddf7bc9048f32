namespace Akka.Streams.Kafka.Consuming;

/// <summary>
/// What one consumer has read ahead of demand, over all its lanes, and the place where its thread waits for room. Weights are bytes, with a kilobyte for a record
/// itself.
/// </summary>
internal sealed class Backlog(long capacity)
{
    public const long RecordWeight = 1024;

    private readonly object _gate = new();
    private long _held;
    private int _hungry;

    public long Capacity => capacity;

    public bool IsFull => Interlocked.Read(ref _held) >= capacity;

    public bool IsHalfEmpty => Interlocked.Read(ref _held) < capacity / 2;

    /// <summary>Whether a lane without records is being read.</summary>
    public bool IsHungry => Volatile.Read(ref _hungry) > 0;

    public void Add(long weight) => Interlocked.Add(ref _held, weight);

    public void Release(long weight)
    {
        if (Interlocked.Add(ref _held, -weight) + weight >= capacity)
            Wake();
    }

    public void Hunger(int change)
    {
        Interlocked.Add(ref _hungry, change);
        if (change > 0 && IsFull)
            Wake();
    }

    /// <summary>Waits until something was released, or a lane wants what is not here.</summary>
    public void WaitForRoom(TimeSpan atMost, bool alsoForHunger)
    {
        lock (_gate)
        {
            if (IsFull && !(alsoForHunger && IsHungry))
                Monitor.Wait(_gate, atMost);
        }
    }

    public void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
