namespace StandIns.Tests;

/// <summary>Polls a condition, for ten seconds at most.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    public static async Task True(Func<bool> condition, string what)
    {
        var until = DateTime.UtcNow + Bound;
        while (!condition())
        {
            (DateTime.UtcNow < until).ShouldBeTrue($"{what} did not come true in {Bound}");
            await Task.Delay(5);
        }
    }
}
