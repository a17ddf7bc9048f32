using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>A change as a Cypher pattern, coloured, on one line: what does not fit is cut off.</summary>
internal sealed partial class CypherLine(string text, bool isNew) : Renderable
{
    private static readonly Style Verb = new(Color.Green, decoration: Decoration.Bold);
    private static readonly Style Change = new(Color.Yellow, decoration: Decoration.Bold);
    private static readonly Style Gone = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Label = new(Color.Aqua);
    private static readonly Style Type = new(Color.Fuchsia);
    private static readonly Style Literal = new(Color.Olive);
    private static readonly Style Number = new(Color.Blue);
    private static readonly Style Rest = new(Color.Grey);

    /// <summary>A verb, a relationship's type, a label, a string, a number or word, or any other character; a name before a colon is a property's.</summary>
    [GeneratedRegex(@"(?<verb>^[A-Z]+)|(?<type>(?<=\[):`?[\w ]+`?)|(?<label>(?<=\():`?[\w ]+`?)|(?<string>'(?:[^'])*')|(?<name>\w+(?=: ))|(?<number>\b(?:-?\d[\d.]*|true|false)\b)|(?<rest>.)",
        RegexOptions.Singleline)]
    private static partial Regex Tokens();

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var segments = new List<Segment> { new(isNew ? "› " : "  ", Verb) };
        foreach (Match token in Tokens().Matches(text)) segments.Add(new Segment(token.Value, StyleOf(token)));
        if (Segment.CellCount(segments) <= maxWidth) return segments;
        return [.. Segment.Truncate(segments, maxWidth - 1), new Segment("…", Rest)];
    }

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(20, maxWidth), maxWidth);

    private static Style StyleOf(Match token) =>
        token.Groups["verb"].Success ? token.Value switch { "CREATE" or "MERGE" => Verb, "SET" => Change, _ => Gone }
        : token.Groups["type"].Success ? Type
        : token.Groups["label"].Success ? Label
        : token.Groups["string"].Success ? Literal
        : token.Groups["number"].Success ? Number
        : Rest;
}
