using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Rounds;

/// <summary>Parts a write set for several writers.</summary>
internal static class WriteRounds
{
    public static IReadOnlyList<IReadOnlyList<WriteSet>> Part(GraphPlan plan, WriteSet set, int buckets, int writers) => [[set]];
}
