namespace PolyglotSync.Actors.Measures;

/// <summary>Events a second over the last ten seconds, in buckets of one. Not thread-safe.</summary>
public sealed class RateMeter(TimeProvider clock)
{
    private const int Seconds = 10;
    private readonly long[] _counts = new long[Seconds];
    private readonly long[] _stamps = new long[Seconds];
    private readonly long _start = clock.GetTimestamp();

    public void Add(long count)
    {
        var second = Second();
        var slot = (int)(second % Seconds);
        if (_stamps[slot] != second)
        {
            _stamps[slot] = second;
            _counts[slot] = 0;
        }
        _counts[slot] += count;
    }

    public double PerSecond()
    {
        var second = Second();
        long sum = 0;
        for (var i = 0; i < Seconds; i++)
            if (second - _stamps[i] < Seconds) sum += _counts[i];
        return sum / Math.Clamp(clock.GetElapsedTime(_start).TotalSeconds, 1, Seconds);
    }

    // From 1, so that an unused slot (0) is never the current second.
    private long Second() => (long)clock.GetElapsedTime(_start).TotalSeconds + Seconds;
}
