using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>A place in a manifest, both from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public static Place Of(Mark mark) => new((int)mark.Line, (int)mark.Column);
}

/// <summary>A manifest's YAML with places. Unlike YamlDotNet's own tree it keeps duplicate keys, so that all of them can be reported.</summary>
internal abstract record YamlValue(Place Place)
{
    public abstract string Kind { get; }
}

/// <param name="IsPlain">Written without quotes: <c>null</c>, <c>~</c> and nothing mean null then.</param>
/// <param name="Start">Where it begins in the text, in characters, its quotes with it.</param>
/// <param name="End">Behind its last character.</param>
internal sealed record YamlText(Place Place, string Value, bool IsPlain, int Start, int End) : YamlValue(Place)
{
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
    public override string Kind => IsNull ? "nothing" : $"'{Value}'";
}

internal sealed record YamlList(Place Place, IReadOnlyList<YamlValue> Items) : YamlValue(Place)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(Place Place, IReadOnlyList<(YamlText Key, YamlValue Value)> Entries) : YamlValue(Place)
{
    public override string Kind => "a mapping";
}

internal static class YamlTree
{
    /// <summary>Deeper nesting than any manifest has: a bound for the recursion.</summary>
    private const int MaxDepth = 32;

    /// <returns>null where the document is empty.</returns>
    /// <exception cref="YamlException">Not YAML; its Start says where.</exception>
    public static YamlValue? Parse(TextReader text)
    {
        var parser = new Parser(text);
        try
        {
            return Document(parser);
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet's scanner fails so on some unclosed brackets: what it had read last is the nearest place known.
            var end = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(end, end, "a bracket, brace or quote is not closed", e);
        }
    }

    private static YamlValue? Document(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _)) return null;
        parser.Consume<DocumentStart>();
        var root = Read(parser, [], 0);
        parser.Consume<DocumentEnd>();
        if (parser.Current is DocumentStart second) throw new YamlException(second.Start, second.End, "a second document; a manifest is one");
        return root;
    }

    private static YamlValue Read(IParser parser, Dictionary<AnchorName, YamlValue> anchors, int depth)
    {
        if (depth > MaxDepth) throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MaxDepth} levels");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value, out var known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"nothing is anchored as '{alias.Value}' above");
        }
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        YamlValue value;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            value = new YamlText(Place.Of(scalar.Start), scalar.Value, scalar.Style is ScalarStyle.Plain, (int)scalar.Start.Index, (int)scalar.End.Index);
        }
        else if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(parser, anchors, depth + 1));
            value = new YamlList(Place.Of(list.Start), items);
        }
        else
        {
            var map = parser.Consume<MappingStart>();
            var entries = new List<(YamlText, YamlValue)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Read(parser, anchors, depth + 1) is not YamlText key) throw new YamlException(map.Start, map.End, "a key that is not a plain word");
                entries.Add((key, Read(parser, anchors, depth + 1)));
            }
            value = new YamlMap(Place.Of(map.Start), entries);
        }
        if (!anchor.IsEmpty) anchors[anchor] = value;
        return value;
    }
}
