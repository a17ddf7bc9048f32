using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Load;

/// <summary>Several writers at once.</summary>
public sealed class RandomLoad : BackgroundWork
{
    private readonly List<LoadWriter> _writers;

    public RandomLoad(FaultWorld world, int seed, int writers = 4)
    {
        _writers = [.. Enumerable.Range(1, writers).Select(number => new LoadWriter(world, seed, number))];
        Begin(_writers.Select(w => (Func<Task>)(() => w.RunAsync(Stopping))));
    }

    /// <summary>Committed so far.</summary>
    public int Transactions => _writers.Sum(w => w.Transactions);
}
