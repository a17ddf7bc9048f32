namespace PolyglotSync.Actors.Measures;

/// <summary>The last 2,048 latencies of the last 30 seconds, in milliseconds. Not thread-safe.</summary>
public sealed class LatencyWindow(TimeProvider clock)
{
    private readonly (long At, double Ms)[] _samples = new (long, double)[2048];
    private int _next;
    private int _count;

    public void Add(double milliseconds)
    {
        _samples[_next] = (clock.GetTimestamp(), milliseconds);
        _next = (_next + 1) % _samples.Length;
        _count = Math.Min(_count + 1, _samples.Length);
    }

    /// <param name="quantile">0 to 1.</param>
    /// <returns>Null where there is no sample of the last 30 seconds.</returns>
    public double? Quantile(double quantile)
    {
        var recent = _samples.AsSpan(0, _count).ToArray().Where(s => clock.GetElapsedTime(s.At).TotalSeconds <= 30).Select(s => s.Ms).Order().ToArray();
        return recent.Length == 0 ? null : recent[Math.Clamp((int)Math.Ceiling(quantile * recent.Length) - 1, 0, recent.Length - 1)];
    }
}
