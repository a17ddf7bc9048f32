using PolyglotSync.SyncNode.Load.Report;

namespace PolyglotSync.SyncNode.Load.Watching;

/// <summary>Commits that the graph has not shown yet, and how long the others took. Thread-safe.</summary>
/// <param name="patience">A commit that is not shown by then is missing.</param>
internal sealed class PendingCommits(int connections, TimeSpan patience, TimeProvider clock)
{
    /// <summary>Of one connection; later ones are not waited for.</summary>
    public const int MostEach = 200_000;

    private readonly Queue<(long Number, long At)>[] _pending = [.. Enumerable.Range(0, connections).Select(_ => new Queue<(long, long)>())];
    private readonly Lock _lock = new();

    public LatencyHistogram Latency { get; } = new();

    public long Missing { get; private set; }

    public long Unwatched { get; private set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return Array.TrueForAll(_pending, p => p.Count == 0);
        }
    }

    /// <summary>A COMMIT has returned just now.</summary>
    /// <param name="number">Of the connection's transaction; grows.</param>
    public void Committed(int connection, long number)
    {
        var at = clock.GetTimestamp();
        lock (_lock)
        {
            if (_pending[connection].Count < MostEach) _pending[connection].Enqueue((number, at));
            else Unwatched++;
        }
    }

    /// <summary>The graph shows this number of a connection, and so every one before it.</summary>
    public void Seen(int connection, long number)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            while (_pending[connection].TryPeek(out var oldest) && oldest.Number <= number)
            {
                _pending[connection].Dequeue();
                Latency.Add(clock.GetElapsedTime(oldest.At, now));
            }
        }
    }

    /// <summary>Gives up those that are out of time.</summary>
    public void Expire() => Drop(oldest => clock.GetElapsedTime(oldest) > patience);

    /// <summary>Gives up all.</summary>
    public void Abandon() => Drop(_ => true);

    private void Drop(Predicate<long> isOver)
    {
        lock (_lock)
        {
            foreach (var pending in _pending)
            {
                for (; pending.TryPeek(out var oldest) && isOver(oldest.At); Missing++) pending.Dequeue();
            }
        }
    }
}
