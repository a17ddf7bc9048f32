using System.Text.RegularExpressions;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>One public type or member, of an assembly or of a listing, so written that equal signatures are equal texts.</summary>
public sealed record Declaration
{
    public Declaration(string owner, string text) => (Owner, Text) = (Tidy(owner), Tidy(text));

    /// <summary>The type it is a member of; the namespace of a type.</summary>
    public string Owner { get; }

    public string Text { get; }

    public override string ToString() => $"{Owner} :: {Text}";

    /// <summary>One blank where two words meet, none elsewhere; no escapes of keywords and in texts.</summary>
    private static string Tidy(string text) =>
        Regex.Replace(Regex.Replace(Regex.Replace(text, @"[@\\]", ""), @"\s+", " "), @"(?<![\w>\]?]) | (?![\w.])", "").Trim();
}
