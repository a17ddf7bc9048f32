using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Finds the guilty operations of a refused write set, keeps them as dead letters, and gives back the set without them.</summary>
internal static class PoisonPurge
{
    public static async Task<(WriteSet Set, IReadOnlyList<RowOperation> Dead, int Opened)> RunAsync(WriterContext context, WriteSet set, PipelineFailure failure)
    {
        var guilty = failure.Guilty.Count > 0
            ? [.. failure.Guilty.Select(index => (Index: index, Failure: failure))]
            : await BisectAsync(context, set);
        if (guilty.Count == 0)
        {
            throw new PipelineFailure(FailureClass.Fatal,
                $"{context.Target.Address} refuses a write although each of its rows is accepted: {failure.Message}", failure);
        }
        var now = context.Clock.GetUtcNow();
        var opened = await context.DeadLetters.AddAsync(
            [.. guilty.Select(g => DeadLetterRecord.From(context.Settings.Name, set.Operations[g.Index], g.Failure.Message, g.Failure.Cypher, now))],
            CancellationToken.None);
        var numbers = guilty.Select(g => g.Index).ToHashSet();
        var dead = guilty.Select(g => set.Operations[g.Index]).ToList();
        var rest = set.Only([.. Enumerable.Range(0, set.Operations.Count).Where(i => !numbers.Contains(i))], set.State, set.Partitions);
        var departures = dead.Select(operation => DeadRows.Departure(operation)).OfType<RowOperation>().ToList();
        return (departures.Count == 0 ? rest : With(rest, departures), dead, opened);
    }

    /// <summary>In the order of the source: of two rows that clash the later one is guilty, however the batches fell.</summary>
    private static async Task<IReadOnlyList<(int Index, PipelineFailure Failure)>> BisectAsync(WriterContext context, WriteSet set)
    {
        var order = Enumerable.Range(0, set.Operations.Count).OrderBy(i => set.Operations[i].Position).ToArray();
        var guilty = await PoisonBisection.FindAsync(order.Length, indexes => AttemptAsync(context, set, [.. indexes.Select(i => order[i])]));
        return [.. guilty.Select(g => (order[g.Index], g.Failure))];
    }

    // A set in which a key changes is never a part of one.
    private static WriteSet With(WriteSet set, IEnumerable<RowOperation> more) => new()
    {
        Operations = [.. set.Operations, .. more],
        Truncated = set.Truncated, SchemaChanges = set.SchemaChanges, State = set.State, Steps = set.Steps, Generation = set.Generation,
        Partitions = set.Partitions,
    };

    private static async Task<PipelineFailure?> AttemptAsync(WriterContext context, WriteSet set, IReadOnlyList<int> indexes)
    {
        var part = set.Only(indexes, state: null);
        try
        {
            // Where nothing can be rolled back, trying is applying: the statements are idempotent and the position is written last.
            if (context.Target.IsAtomic) await context.Target.ProbeAsync(context.Settings.Name, part, CancellationToken.None);
            else await context.Target.ApplyAsync(context.Settings.Name, part, CancellationToken.None);
            return null;
        }
        catch (PipelineFailure refused) when (refused.Class == FailureClass.Poison)
        {
            return refused;
        }
    }
}
