using System.Globalization;

namespace PolyglotSync.SyncNode.Load.Choosing;

/// <summary>How often each kind is drawn, relative to the others: <c>inserts=60,updates=30,deletes=8,keys=2</c>.</summary>
internal sealed record LoadMix(int Inserts, int Updates, int Deletes, int Keys)
{
    public const string Default = "inserts=60,updates=30,deletes=8,keys=2";
    private const int MaxWeight = 1_000_000;
    private static readonly string[] Names = ["inserts", "updates", "deletes", "keys"];

    /// <exception cref="FormatException">All that is wrong with it.</exception>
    public static LoadMix Parse(string text)
    {
        var weights = new Dictionary<string, int>();
        var mistakes = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!Names.Contains(pair[0])) mistakes.Add($"'{pair[0]}' is none of {string.Join(", ", Names)}");
            else if (pair.Length < 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight > MaxWeight)
                mistakes.Add($"'{part}' is not {pair[0]}=N with N from 0 to {MaxWeight}");
            else if (!weights.TryAdd(pair[0], weight)) mistakes.Add($"{pair[0]} is there twice");
        }
        if (mistakes.Count == 0 && weights.Values.Sum() == 0) mistakes.Add($"it leaves nothing to do; such as {Default}");
        if (mistakes.Count > 0) throw new FormatException(string.Join("; ", mistakes));
        int Of(string name) => weights.GetValueOrDefault(name);
        return new LoadMix(Of("inserts"), Of("updates"), Of("deletes"), Of("keys"));
    }

    public LoadKind Draw(Random random) => random.Next(Inserts + Updates + Deletes + Keys) switch
    {
        var n when n < Inserts => LoadKind.Insert,
        var n when n < Inserts + Updates => LoadKind.Update,
        var n when n < Inserts + Updates + Deletes => LoadKind.Delete,
        _ => LoadKind.KeyChange,
    };

    public override string ToString() => $"inserts={Inserts},updates={Updates},deletes={Deletes},keys={Keys}";
}
