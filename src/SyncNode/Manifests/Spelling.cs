namespace PolyglotSync.SyncNode.Manifests;

/// <summary>"Did you mean": the nearest of the words that would have been right.</summary>
internal static class Spelling
{
    /// <returns>A hint: the nearest known word where one is near, else all of them.</returns>
    public static string Hint(string word, IReadOnlyCollection<string> known)
    {
        var nearest = known.Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k))).OrderBy(k => k.Distance).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(1, Math.Max(word.Length, nearest.Word.Length) / 3)
            ? $"did you mean '{nearest.Word}'?"
            : $"known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
    }

    /// <summary>Letters to insert, drop, replace or swap with the next one (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
