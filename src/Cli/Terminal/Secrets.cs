using System.Text.RegularExpressions;

namespace PolyglotSync.Cli.Terminal;

/// <summary>Keeps passwords out of messages that quote what a person wrote.</summary>
public static partial class Secrets
{
    /// <summary>The text without the passwords of addresses (<c>://user:password@</c>, as a path too) and of connection strings (<c>password=…</c>).</summary>
    public static string Hide(string text) => OfSettings().Replace(OfAddresses().Replace(text, "$1***@"), "$1***");

    [GeneratedRegex(@"(:/+[^\s/:@']*:)[^\s/@']+@", RegexOptions.CultureInvariant)]
    private static partial Regex OfAddresses();

    [GeneratedRegex(@"(\bpassword\s*=\s*)('[^']*'|[^\s;']+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfSettings();
}
