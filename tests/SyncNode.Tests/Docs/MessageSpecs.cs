using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Docs;

/// <summary>docs/troubleshooting.md has every message that a person may see, with what to do.</summary>
public sealed partial class MessageSpecs
{
    [Fact]
    public void Every_message_of_the_product_is_in_the_docs()
    {
        var known = Rows().Matches(File.ReadAllText(Repository.PathOf("docs/troubleshooting.md"))).SelectMany(row => Quoted().Matches(row.Value)).Select(q => q.Groups["text"].Value)
            .Where(text => Words().Count(text) >= 2).Select(Pattern).ToList();
        var messages = SourceMessages.All().ToList();
        messages.Count.ShouldBeGreaterThan(250, "the sources are not read as they are written");

        messages.Where(m => !known.Any(k => k.IsMatch(m.Text))).Select(m => $"{m.Where}: {m.Text}").ShouldBeEmpty("add it, with what to do, to a table of docs/troubleshooting.md, with … for what differs from case to case");
    }

    /// <summary>… stands for anything.</summary>
    private static Regex Pattern(string text) => new(string.Join(".*?", text.Replace("\\|", "|", StringComparison.Ordinal).Trim('…', ' ').Split('…').Select(Regex.Escape)), RegexOptions.Singleline);

    [GeneratedRegex(@"^\| .*$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Words();
}
