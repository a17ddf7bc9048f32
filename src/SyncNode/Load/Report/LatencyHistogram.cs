namespace PolyglotSync.SyncNode.Load.Report;

/// <summary>Latencies of a whole run in buckets that are 1 % wide each, so that millions of them take as much memory as a few. Thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const double Width = 1.01;
    private const double SmallestMs = 0.001;
    /// <summary>Up to a microsecond times 1.01^2600: 47 hours.</summary>
    private const int Buckets = 2600;
    private static readonly double LogWidth = Math.Log(Width);

    private readonly long[] _counts = new long[Buckets];
    private long _samples;
    private long _maxTicks;

    public long Samples => Interlocked.Read(ref _samples);

    private double MaxMs => TimeSpan.FromTicks(Interlocked.Read(ref _maxTicks)).TotalMilliseconds;

    public void Add(TimeSpan latency)
    {
        var bucket = latency.TotalMilliseconds <= SmallestMs ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log(latency.TotalMilliseconds / SmallestMs) / LogWidth));
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Increment(ref _samples);
        for (var max = Interlocked.Read(ref _maxTicks); latency.Ticks > max; max = Interlocked.Read(ref _maxTicks))
        {
            if (Interlocked.CompareExchange(ref _maxTicks, latency.Ticks, max) == max) break;
        }
    }

    /// <param name="quantile">0 to 1.</param>
    /// <returns>Milliseconds that so many samples do not exceed, at most 1 % too much; null without a sample.</returns>
    public double? QuantileMs(double quantile)
    {
        var samples = Samples;
        if (samples == 0) return null;
        var wanted = Math.Max(1, (long)Math.Ceiling(quantile * samples));
        long seen = 0;
        for (var bucket = 0; bucket < Buckets - 1; bucket++)
        {
            seen += Interlocked.Read(ref _counts[bucket]);
            if (seen >= wanted) return Math.Min(MaxMs, SmallestMs * Math.Pow(Width, bucket));
        }
        return MaxMs;
    }

    public LatencyFigures? Figures() => Samples == 0 ? null : new LatencyFigures(Rounded(0.5), Rounded(0.9), Rounded(0.99), Math.Round(MaxMs, 3), Samples);

    private double Rounded(double quantile) => Math.Round(QuantileMs(quantile) ?? 0, 3);
}

/// <summary>Latencies in milliseconds.</summary>
internal sealed record LatencyFigures(double P50Ms, double P90Ms, double P99Ms, double MaxMs, long Samples);
