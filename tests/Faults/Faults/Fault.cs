using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>A trouble with its parameters. It heals what it broke before it ends, and nothing else.</summary>
/// <param name="Name">Short, for a line of many.</param>
/// <param name="Description">With its parameters.</param>
/// <param name="RunAsync">Does it and heals it.</param>
public sealed record Fault(string Name, string Description, Func<FaultWorld, Task> RunAsync)
{
    public Fault(string name, Func<FaultWorld, Task> runAsync) : this(name, name, runAsync)
    {
    }

    /// <summary>This one, and in its middle another that needs no healing.</summary>
    public Fault With(Fault inner) => new($"{Name}+{inner.Name}", $"{Description}, and meanwhile {inner.Description}",
        async world => await Task.WhenAll(RunAsync(world), inner.RunAsync(world)));

    public static async Task ForAsync(int milliseconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)));
        await timer.WaitForNextTickAsync();
    }
}
