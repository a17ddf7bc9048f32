using System.Diagnostics;

namespace PolyglotSync.Postgres;

/// <summary>Adds up the time that capture works: decoding, and reading copy chunks. Any thread.</summary>
internal sealed class CaptureClock
{
    private long _busy;

    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busy));

    /// <summary>Counts the time since <paramref name="started"/> (<see cref="Stopwatch"/>) as work.</summary>
    public void Worked(long started) => Interlocked.Add(ref _busy, Stopwatch.GetTimestamp() - started);

    /// <summary>Takes back a wait for the consumer that lies within work.</summary>
    public void Waited(long started) => Interlocked.Add(ref _busy, started - Stopwatch.GetTimestamp());
}
