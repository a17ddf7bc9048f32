namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>Numbers as a row of bars, one character each: ▁▂▃▄▅▆▇█.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <param name="values">0 or more each; the largest of them is the full bar.</param>
    public static string Of(IReadOnlyList<double> values)
    {
        var top = values.Count == 0 ? 0 : values.Max();
        return string.Concat(values.Select(v => top <= 0 ? Bars[0] : Bars[(int)Math.Round(v / top * (Bars.Length - 1))]));
    }
}
