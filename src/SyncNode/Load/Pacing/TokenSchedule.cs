namespace PolyglotSync.SyncNode.Load.Pacing;

/// <summary>
/// When rows are due at a rate: the n-th row n / rate after the first, whatever the earlier ones took, so that a slow moment of the server does not lower the rate. What is later
/// than <see cref="MostCatchUp"/> is not made up for. One for all that write at the rate together.
/// </summary>
/// <param name="rowsPerSecond">Above 0; null: at once.</param>
internal sealed class TokenSchedule(double? rowsPerSecond, TimeProvider clock)
{
    public static readonly TimeSpan MostCatchUp = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _started;
    private double _due;

    /// <summary>Takes the next rows.</summary>
    /// <returns>How long to wait before they are due; zero where they are.</returns>
    public TimeSpan Take(int rows)
    {
        if (rowsPerSecond is not { } rate) return TimeSpan.Zero;
        lock (_lock)
        {
            var now = clock.GetElapsedTime(_started ??= clock.GetTimestamp()).TotalSeconds;
            var due = Math.Max(_due, now - MostCatchUp.TotalSeconds);
            _due = due + (rows / rate);
            return TimeSpan.FromSeconds(Math.Max(0, due - now));
        }
    }
}
