using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Finds the guilty operations of a refused write set, keeps them as dead letters, and gives back the set without them.</summary>
internal static class PoisonPurge
{
    public static async Task<(WriteSet Set, int Letters)> RunAsync(WriterContext context, WriteSet set, PipelineFailure failure)
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
            [.. guilty.Select(g => DeadLetterRecord.From(context.Settings.Name, set.Operations[g.Index], g.Failure, now))], CancellationToken.None);
        var dead = guilty.Select(g => g.Index).ToHashSet();
        return (set.Only([.. Enumerable.Range(0, set.Operations.Count).Where(i => !dead.Contains(i))], set.State), guilty.Count);
    }

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
