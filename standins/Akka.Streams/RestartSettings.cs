namespace Akka.Streams;

/// <summary>How a restarted part backs off. Delays double from the smallest to the largest, each lengthened by up to the random factor.</summary>
public class RestartSettings
{
    private RestartSettings(TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxRestarts, TimeSpan maxRestartsWithin)
        => (MinBackoff, MaxBackoff, RandomFactor, MaxRestarts, MaxRestartsWithin) = (minBackoff, maxBackoff, randomFactor, maxRestarts, maxRestartsWithin);

    public TimeSpan MaxBackoff { get; }

    public int MaxRestarts { get; }

    public TimeSpan MaxRestartsWithin { get; }

    public TimeSpan MinBackoff { get; }

    public double RandomFactor { get; }

    public override string ToString()
        => $"RestartSettings(MinBackoff={MinBackoff}, MaxBackoff={MaxBackoff}, RandomFactor={RandomFactor}, MaxRestarts={MaxRestarts}, MaxRestartsWithin={MaxRestartsWithin})";

    public RestartSettings WithMaxBackoff(TimeSpan value) => new(MinBackoff, value, RandomFactor, MaxRestarts, MaxRestartsWithin);

    public RestartSettings WithMaxRestarts(int count, TimeSpan within) => new(MinBackoff, MaxBackoff, RandomFactor, count, within);

    public RestartSettings WithMinBackoff(TimeSpan value) => new(value, MaxBackoff, RandomFactor, MaxRestarts, MaxRestartsWithin);

    public RestartSettings WithRandomFactor(double value) => new(MinBackoff, MaxBackoff, value, MaxRestarts, MaxRestartsWithin);

    /// <summary>Restarts without end.</summary>
    public static RestartSettings Create(TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        => new(minBackoff, maxBackoff, randomFactor, int.MaxValue, minBackoff);
}
