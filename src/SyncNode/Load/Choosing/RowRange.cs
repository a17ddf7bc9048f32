using System.Globalization;

namespace PolyglotSync.SyncNode.Load.Choosing;

/// <summary>Rows of a transaction: always as many, or each number of a range equally often.</summary>
internal readonly record struct RowRange(int Min, int Max)
{
    public const string Default = "1..20";
    public const int Most = 100_000;

    /// <summary>Reads <c>20</c> or <c>1..20</c>.</summary>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static RowRange Parse(string text)
    {
        var parts = text.Split("..", 2);
        if (!Read(parts[0], out var min) || !Read(parts[^1], out var max)) throw new FormatException($"'{text}' is neither a number from 1 to {Most} nor a range such as {Default}");
        return min <= max ? new RowRange(min, max) : throw new FormatException($"the range '{text}' ends before it begins");
    }

    public int Draw(Random random) => random.Next(Min, Max + 1);

    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}..{Max}";

    private static bool Read(string text, out int rows) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rows) && rows is >= 1 and <= Most;
}
