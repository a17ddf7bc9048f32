namespace PolyglotSync.Kafka.Cuts;

/// <summary>Keeps lists of cuts short, whatever comes.</summary>
internal static class Thinning
{
    /// <summary>Cuts that are kept, at the most; above, every other one does as well. The first and the last stay.</summary>
    private const int MostKept = 512;

    public static void ThinOut<T>(this List<T> cuts)
    {
        if (cuts.Count <= MostKept) return;
        for (var i = cuts.Count - 2; i > 0; i -= 2) cuts.RemoveAt(i);
    }
}
