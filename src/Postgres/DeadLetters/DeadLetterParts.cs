using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Parts letters into statements: a statement takes each row once, in the order of positions, and either refusals or what follows them.</summary>
internal static class DeadLetterParts
{
    public static IEnumerable<DeadLetter[]> Of(IReadOnlyList<DeadLetter> letters, int size)
    {
        var waves = new List<List<DeadLetter>>();
        var seen = new Dictionary<(string, TableName, string), int>();
        foreach (var letter in letters.OrderBy(l => l.Position).ThenBy(l => l.Follows))
        {
            var row = (letter.Pipeline, letter.Table, letter.Key);
            var wave = seen.GetValueOrDefault(row, -1) + 1;
            while (wave < waves.Count && waves[wave].Count > 0 && waves[wave][0].Follows != letter.Follows) wave++;
            if (wave == waves.Count) waves.Add([]);
            waves[wave].Add(letter);
            seen[row] = wave;
        }
        return waves.SelectMany(wave => wave.Chunk(size));
    }
}
