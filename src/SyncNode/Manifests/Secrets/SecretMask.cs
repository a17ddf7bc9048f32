using System.Text.Json;
using System.Text.RegularExpressions;
using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests.Secrets;

/// <summary>
/// Shows a manifest's text without the passwords that stand in it. A placeholder (<c>${NAME}</c>, <c>${file:…}</c>) is none and stays; what a placeholder has as its default is one. Comments may hold addresses, too: they
/// are masked by what passwords look like.
/// </summary>
internal static partial class SecretMask
{
    public const string Mask = "********";

    public static string Apply(string manifest)
    {
        var masked = manifest;
        if (YamlTree.Parse(new StringReader(manifest)) is YamlMap root)
        {
            foreach (var (_, text, kind) in SecretTexts.Of(root).DistinctBy(s => s.Text.Start).OrderByDescending(s => s.Text.Start))
            {
                var hidden = kind == SecretKind.Whole ? Hidden(text.Value) : HiddenIn(text.Value);
                if (hidden != text.Value) masked = Replaced(masked, text, hidden);
            }
        }
        masked = Login().Replace(masked, m => m.Groups["before"].Value + Hidden(m.Groups["secret"].Value) + "@");
        return Comment().Replace(masked, m => Pair().Replace(Said().Replace(m.Value, Shown), Shown));

        static string Shown(Match match) => match.Groups["before"].Value + Hidden(match.Groups["secret"].Value);
    }

    /// <summary>What was masked for a person to see is no password: it must not come back as one.</summary>
    public static void Refuse(YamlMap root, ManifestMistakes mistakes)
    {
        foreach (var (key, text, _) in SecretTexts.Of(root).Where(s => s.Text.Value.Contains(Mask, StringComparison.Ordinal)))
            mistakes.Add(text.Place, $"the password in '{key}' is the mask that 'polysync get' shows in its place", "write the password, or better ${NAME} or ${file:path}");
    }

    /// <summary>An address without its password: of a URI what stands before the '@' and parameters, of names and values those that are one.</summary>
    public static string HiddenIn(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal)) return Pair().Replace(address, m => m.Groups["before"].Value + Hidden(m.Groups["secret"].Value));
        // a password may hold an '@': the last one ends it
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = address.LastIndexOf('@');
        var colon = at < start ? -1 : address.IndexOf(':', start, at - start);
        if (colon >= 0) address = address[..(colon + 1)] + Hidden(address[(colon + 1)..at]) + address[at..];
        return Parameter().Replace(address, m => m.Groups["before"].Value + Hidden(m.Groups["secret"].Value));
    }

    private static string Hidden(string secret) => secret.Length == 0 || Placeholders().IsMatch(secret) ? secret
        : Default().Match(secret) is { Success: true } otherwise ? $"${{{otherwise.Groups["name"].Value}:-{Mask}}}" : Mask;

    private static string Replaced(string manifest, YamlText text, string value)
    {
        var written = manifest[text.Start..text.End];
        // an anchor or a tag stands before the value, a block's last line break belongs to it
        var before = Properties().Match(written).Value;
        var after = written.EndsWith('\n') ? "\n" : "";
        return manifest[..text.Start] + before + JsonSerializer.Serialize(value, Relaxed) + after + manifest[text.End..];
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"^(\$\{[^}:]+\}|\$\{file:[^}]*\}|\$\{[^}:]+:-\})+$")]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"^\$\{(?<name>[^}:]+):-[^}]+\}$")]
    private static partial Regex Default();

    [GeneratedRegex(@"^([&!]\S*\s+)*")]
    private static partial Regex Properties();

    [GeneratedRegex(@"(?<before>\b(ssl\s*)?(password|passwd|pwd)\s*=\s*)(?<secret>'(\\.|[^'\\])*'|""[^""]*""|[^;]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Pair();

    [GeneratedRegex(@"(?<before>[?&][^=&]*password=)(?<secret>[^&\s]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();

    /// <summary>A login in an address anywhere in the text.</summary>
    [GeneratedRegex(@"(?<before>\w://[^\s/:@""'?]*:)(?<secret>[^\s""'/]+)@")]
    private static partial Regex Login();

    [GeneratedRegex(@"(^|\s)#[^\n]*")]
    private static partial Regex Comment();

    /// <summary>A key that was commented out: a word and no more.</summary>
    [GeneratedRegex(@"(?<before>^\s*#\s*[\w.]*(password|secret|token)\s*:\s*)(?<secret>\S+)(?=\s*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Said();
}
