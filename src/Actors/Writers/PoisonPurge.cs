using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Finds the guilty operations of a refused write set, keeps them as dead letters, and gives back the set without them.</summary>
internal static class PoisonPurge
{
    public static async Task<(WriteSet Set, IReadOnlyList<RowOperation> Dead)> RunAsync(WriterContext context, WriteSet set, PipelineFailure failure)
    {
        var guilty = failure.Guilty.Count > 0
            ? [.. failure.Guilty.Select(index => (Index: index, Failure: failure))]
            : await PoisonBisection.FindAsync(set.Operations.Count, indexes => AttemptAsync(context, set, indexes));
        if (guilty.Count == 0)
        {
            throw new PipelineFailure(FailureClass.Fatal,
                $"{context.Target.Address} refuses a write although each of its rows is accepted: {failure.Message}", failure);
        }
        var now = context.Clock.GetUtcNow();
        await context.DeadLetters.AddAsync(
            [.. guilty.Select(g => DeadLetterRecord.From(context.Settings.Name, set.Operations[g.Index], g.Failure.Message, g.Failure.Cypher, now))],
            CancellationToken.None);
        var numbers = guilty.Select(g => g.Index).ToHashSet();
        var kept = set.Operations.Where((_, i) => !numbers.Contains(i));
        var dead = guilty.Select(g => set.Operations[g.Index]).ToList();
        var departures = dead.Select(operation => DeadRows.Departure(operation)).OfType<RowOperation>();
        return (With(set, [.. kept, .. departures], set.State), dead);
    }

    private static async Task<PipelineFailure?> AttemptAsync(WriterContext context, WriteSet set, IReadOnlyList<int> indexes)
    {
        var part = With(set, [.. indexes.Select(i => set.Operations[i])], state: null);
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

    private static WriteSet With(WriteSet set, IReadOnlyList<RowOperation> operations, TargetState? state) => new()
    {
        Operations = operations, Truncated = set.Truncated, SchemaChanges = set.SchemaChanges, State = state, Steps = set.Steps, Generation = set.Generation,
    };
}
