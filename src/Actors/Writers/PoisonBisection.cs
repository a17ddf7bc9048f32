using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// Finds the operations that the graph refuses, by halving: a half that passes is kept, a half that fails is halved again, each tried together with everything
/// accepted so far, so that two operations that only clash with each other are found too. About g·log2(n) tries for g guilty of n.
/// </summary>
public static class PoisonBisection
{
    /// <param name="attempt">Tries these operations without lasting effect; the failure where they are refused as poison, null where they pass.
    /// Anything else that goes wrong it throws.</param>
    public static async Task<IReadOnlyList<(int Index, PipelineFailure Failure)>> FindAsync(
        int count, Func<IReadOnlyList<int>, Task<PipelineFailure?>> attempt)
    {
        var accepted = new List<int>();
        var guilty = new List<(int, PipelineFailure)>();
        await SearchAsync(Enumerable.Range(0, count).ToArray());
        return guilty;

        async Task SearchAsync(int[] candidates)
        {
            var failure = await attempt([.. accepted, .. candidates]);
            if (failure is null)
            {
                accepted.AddRange(candidates);
                return;
            }
            if (candidates.Length == 1)
            {
                guilty.Add((candidates[0], failure));
                return;
            }
            var known = failure.Guilty.Select(i => i - accepted.Count).Where(i => i >= 0 && i < candidates.Length).ToHashSet();
            if (known.Count > 0)
            {
                guilty.AddRange(known.Select(i => (candidates[i], failure)));
                var rest = candidates.Where((_, i) => !known.Contains(i)).ToArray();
                if (rest.Length > 0) await SearchAsync(rest);
                return;
            }
            await SearchAsync(candidates[..(candidates.Length / 2)]);
            await SearchAsync(candidates[(candidates.Length / 2)..]);
        }
    }
}
