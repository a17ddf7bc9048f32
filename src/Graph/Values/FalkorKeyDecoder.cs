namespace PolyglotSync.Graph.Values;

/// <summary>
/// A value that FalkorDB finds nodes by. Its index (RediSearch's tags) drops blanks at both ends of a text, parts it at the character 1, and knows neither the empty text nor
/// one longer than 4,000 bytes: such a node would never be found again, or be taken for another. So the row is refused.
/// </summary>
internal sealed class FalkorKeyDecoder(PropertyDecoder inner) : PropertyDecoder
{
    private const int LongestIndexed = 4_000;

    public override object? Decode(ReadOnlySpan<byte> text) => IsFound(text) ? inner.Decode(text) : null;

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal) => IsFound(text) && inner.Write(text, literal);

    public override string? WhyRefused(ReadOnlySpan<byte> text) => IsFound(text) ? null
        : "FalkorDB finds no node by a text that is empty, begins or ends with a blank, holds the character 1, or is longer than 4,000 bytes";

    private static bool IsFound(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !IsBlank(text[0]) && !IsBlank(text[^1]) && text.Length <= LongestIndexed && !text.Contains((byte)1);

    private static bool IsBlank(byte c) => c is (byte)' ' or (>= 9 and <= 13);
}
