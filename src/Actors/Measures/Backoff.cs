namespace PolyglotSync.Actors.Measures;

/// <summary>Exponential backoff with full jitter between half and the whole of the step; forgets on success.</summary>
public sealed class Backoff(TimeSpan min, TimeSpan max, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>Failures in a row.</summary>
    public int Attempts { get; private set; }

    /// <summary>The step after so many failures, without jitter.</summary>
    public static TimeSpan Step(TimeSpan min, TimeSpan max, int attempts) =>
        TimeSpan.FromMilliseconds(Math.Min(max.TotalMilliseconds, min.TotalMilliseconds * Math.Pow(2, Math.Min(attempts, 20))));

    public TimeSpan Next()
    {
        var step = Step(min, max, Attempts);
        Attempts++;
        return step * (0.5 + (_random.NextDouble() / 2));
    }

    public void Reset() => Attempts = 0;
}
