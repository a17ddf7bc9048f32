using System.Text;
using System.Text.RegularExpressions;

namespace PolyglotSync.SyncNode.Tests.Docs;

/// <param name="Text">As it is printed, with … for whatever differs from case to case.</param>
/// <param name="Where">File and line.</param>
internal sealed record SourceMessage(string Text, string Where);

/// <summary>The messages that the sources hold for people: of failures, refusals, mistakes, and warnings of the log. Found by the calls that make them.</summary>
internal static partial class SourceMessages
{
    /// <summary>Folders whose iterators give mistakes.</summary>
    private static readonly string[] OfMistakes = ["Postgres/Checks", "Kafka/Topics", "Manifests/Changes"];

    /// <summary>Words without which a text is a frame for another message.</summary>
    private const int LeastWords = 3;

    public static IEnumerable<SourceMessage> All()
    {
        var root = Repository.PathOf("src");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, file).Replace('\\', '/');
            // what is wrong with a value of an envelope: the reason of a dead letter, in words of its own
            if (name.Contains("/obj/", StringComparison.Ordinal) || name.Contains("/bin/", StringComparison.Ordinal) || name.StartsWith("Kafka/Envelope/", StringComparison.Ordinal)) continue;
            foreach (var message in Of(File.ReadAllText(file), OfMistakes.Any(name.Contains)))
                if (Words().Count(message.Text) >= LeastWords) yield return message with { Where = $"{name}:{message.Where}" };
        }
    }

    private static IEnumerable<SourceMessage> Of(string source, bool isOfMistakes)
    {
        foreach (Match call in Calls().Matches(source))
        {
            var open = call.Value.StartsWith("LogLevel", StringComparison.Ordinal) ? source.LastIndexOf('(', call.Index) : source.IndexOf('(', call.Index);
            if (open >= 0) yield return new SourceMessage(Texts(source, open, ')'), Line(source, call.Index));
        }
        if (!isOfMistakes) yield break;
        foreach (Match given in Yields().Matches(source)) yield return new SourceMessage(Texts(source, given.Index, ';'), Line(source, given.Index));
    }

    private static string Line(string source, int index) => $"{source.AsSpan(0, index).Count('\n') + 1}";

    /// <summary>The literals up to the end of the call or statement, one behind the other.</summary>
    private static string Texts(string source, int at, char end)
    {
        var text = new StringBuilder();
        for (var depth = 0; at < source.Length; at++)
        {
            if (source[at] == '\'') at = AfterCharacter(source, at) - 1;
            else if (IsLiteral(source, at)) at = AfterLiteral(source, at, text) - 1;
            else if (source[at] == '(') depth++;
            else if (source[at] == ')' && --depth == 0 && end == ')') break;
            else if (source[at] == ';' && end == ';') break;
        }
        return Holes().Replace(Placeholders().Replace(text.ToString(), "…"), "…");
    }

    private static bool IsLiteral(string source, int at) => source[at] == '"' || (source[at] == '$' && source[at + 1] == '"');

    private static int AfterCharacter(string source, int at) => Character().Match(source, at) is { Success: true } match && match.Index == at ? at + match.Length : at + 1;

    private static int AfterLiteral(string source, int at, StringBuilder text)
    {
        var isInterpolated = source[at] == '$';
        if (isInterpolated) at++;
        if (source.AsSpan(at).StartsWith("\"\"\""))
        {
            var end = source.IndexOf("\"\"\"", at + 3, StringComparison.Ordinal);
            text.Append(source, at + 3, end - at - 3);
            return end + 3;
        }
        for (at++; source[at] != '"'; at++)
        {
            if (source[at] == '\\') text.Append(source[++at] == 'n' ? ' ' : source[at]);
            else if (isInterpolated && source[at] is '{' or '}' && source[at + 1] == source[at]) text.Append(source[at++]);
            else if (isInterpolated && source[at] == '{')
            {
                text.Append('…');
                at = AfterHole(source, at + 1) - 1;
            }
            else text.Append(source[at]);
        }
        return at + 1;
    }

    private static int AfterHole(string source, int at)
    {
        var ignored = new StringBuilder();
        for (var depth = 1; depth > 0; at++)
        {
            if (IsLiteral(source, at)) at = AfterLiteral(source, at, ignored) - 1;
            else if (source[at] == '\'') at = AfterCharacter(source, at) - 1;
            else if (source[at] == '{') depth++;
            else if (source[at] == '}') depth--;
        }
        return at;
    }

    [GeneratedRegex(@"\b(?:new PipelineFailure|new ApiRefusal|new PlanWarning|overrides\.Mistake|Unfit|Fatal|Transient|Usage|Wrong|Unavailable|Missing|KafkaFailuresOf|Make|AddError|NotOurs|NotANode|Error)\(|\bnew\(FailureClass\.\w+|(?:[mM]istakes|problems)\.Add\(|_log\.(?:Warning|Error)\(|LogLevel\.(?:Warning|Error),")]
    private static partial Regex Calls();

    [GeneratedRegex("yield return (?=\\$?\")")]
    private static partial Regex Yields();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Words();

    [GeneratedRegex(@"'(\\.|[^'])'")]
    private static partial Regex Character();

    /// <summary>Of a log's template.</summary>
    [GeneratedRegex(@"\{[A-Za-z0-9]+\}")]
    private static partial Regex Placeholders();

    [GeneratedRegex("…+")]
    private static partial Regex Holes();
}
