using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Docs;

public sealed partial class DocsLinkSpecs
{
    public static TheoryData<string> Pages => ["README.md", .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(f => $"docs/{Path.GetFileName(f)}").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading(string page)
    {
        var broken = Links().Matches(Prose(page)).Select(m => m.Groups["to"].Value).Where(to => !to.Contains("://", StringComparison.Ordinal)).Where(to => !Leads(page, to)).Distinct();

        broken.ShouldBeEmpty($"in {page}");
    }

    private static bool Leads(string page, string to)
    {
        var parts = to.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0])));
        if (!Path.Exists(Repository.PathOf(target))) return false;
        return parts.Length == 1 || Anchors(target).Contains(parts[1]);
    }

    /// <summary>As GitHub makes them of headings.</summary>
    private static HashSet<string> Anchors(string page)
    {
        var seen = new Dictionary<string, int>();
        var anchors = new HashSet<string>();
        foreach (Match heading in Headings().Matches(Prose(page)))
        {
            var words = heading.Groups["text"].Value.Trim().ToLowerInvariant();
            var anchor = new string([.. LinkText().Replace(words, "$1").Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c)]);
            var count = seen[anchor] = seen.GetValueOrDefault(anchor, -1) + 1;
            anchors.Add(count == 0 ? anchor : $"{anchor}-{count}");
        }
        return anchors;
    }

    private static string Prose(string page) => Fences().Replace(File.ReadAllText(Repository.PathOf(page)), "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\((?<to>[^()\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}
