using System.Globalization;
using System.Text.RegularExpressions;

namespace PolyglotSync.SyncNode.Docs;

/// <summary>Plain texts of the command line as Markdown.</summary>
internal static partial class Prose
{
    /// <summary>A description without its default, and the default as it says it; null: it says none.</summary>
    public static (string Says, string? Default) Split(string description)
    {
        var match = Default().Match(description);
        return match.Success ? (Code(description.Remove(match.Index, match.Length)), Code(match.Groups["is"].Value)) : (Code(description), null);
    }

    /// <summary>Options, variables and addresses as code.</summary>
    public static string Code(string text) => Words().Replace(text, "`$0`");

    public static string Sentence(string text) => $"{char.ToUpper(text[0], CultureInfo.InvariantCulture)}{Code(text[1..])}.";

    /// <summary>As a table's cell.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@" ?\(default: (?<is>[^()]+)\)")]
    private static partial Regex Default();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+|\bPOLYSYNC_[A-Z_]+(=\w+)?|\bMANIFEST\b|\b[a-z]+://[^\s,;)]+|\b(host|dbname)=…")]
    private static partial Regex Words();
}
