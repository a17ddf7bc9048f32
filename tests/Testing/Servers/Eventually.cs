using System.Diagnostics;

namespace PolyglotSync.Testing.Servers;

/// <summary>Asks again until a condition holds, with a bound.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">It did not hold in time; the message says what was waited for and <paramref name="otherwise"/>.</exception>
    public static async Task AsyncTrue(Func<Task<bool>> condition, TimeSpan? within = null, string what = "the condition holds", Func<string>? otherwise = null)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (clock.Elapsed > (within ?? Patience))
                throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:0} s in vain for: {what}. {otherwise?.Invoke()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
