using System.Text;
using System.Text.RegularExpressions;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>Reads PublicApiGenerator's text: C# without bodies, a member a line, attributes and constraints on lines of their own.</summary>
public static partial class Listing
{
    public static HashSet<Declaration> Parse(string text)
    {
        var found = new HashSet<Declaration>();
        var owners = new Stack<string>();
        var statement = new StringBuilder();
        var attribute = new StringBuilder();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)) continue;
            if (attribute.Length > 0 || (statement.Length == 0 && line[0] == '['))
            {
                attribute.Append(line);
                if (ListingText.Balance(attribute.ToString()) == 0) attribute.Clear();
                continue;
            }

            if (line == "{")
            {
                owners.Push(Enter(found, owners, statement.ToString()));
                statement.Clear();
            }
            else if (line is "}" or "};")
            {
                owners.Pop();
            }
            else
            {
                statement.Append(' ').Append(line);
                if (!EndOfMember().IsMatch(line) || ListingText.Balance(statement.ToString()) != 0) continue;
                Add(found, owners.Count == 0 ? "" : owners.Peek(), statement.ToString());
                statement.Clear();
            }
        }

        return found;
    }

    /// <summary>
    /// Whether the listed types offer this: as it is, inherited, or as a property with one accessor more.
    /// </summary>
    public static bool Offers(HashSet<Declaration> real, Declaration wanted) =>
        real.Contains(wanted)
        || (wanted.Text.EndsWith("{get;}", StringComparison.Ordinal) && real.Contains(new Declaration(wanted.Owner, wanted.Text.Replace("{get;}", "{get;set;}", StringComparison.Ordinal))))
        || (!wanted.Text.Contains(".ctor(", StringComparison.Ordinal)
            && real.Where(d => d.Owner == wanted.Owner && d.Text[0] == ':').Any(b => Offers(real, new Declaration(b.Text[1..], wanted.Text))));

    /// <summary>The line that opens a block: a namespace or a type.</summary>
    private static string Enter(HashSet<Declaration> found, Stack<string> owners, string header)
    {
        var home = owners.Count == 0 ? "" : owners.Peek();
        var text = header.Trim();
        return text.StartsWith("namespace ", StringComparison.Ordinal) ? text["namespace ".Length..].Trim() : AddType(found, home, text);
    }

    private static string AddType(HashSet<Declaration> found, string home, string header)
    {
        var (head, constraints) = Parts(ListingText.Clean(header));
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        var (front, bases) = colon < 0 ? (head, "") : (head[..colon], head[(colon + 1)..]);
        var words = TypeHeader().Match(front.Trim());
        if (!words.Success) throw new FormatException($"'{header}' opens a block and is no type.");
        var kind = words.Groups["kind"].Value;
        var modifiers = words.Groups["before"].Value + " " + words.Groups["after"].Value;
        var modifier = kind != "class" ? "" : new[] { "static ", "abstract ", "sealed " }.FirstOrDefault(m => modifiers.Contains(m.Trim(), StringComparison.Ordinal)) ?? "";
        var name = Variance().Replace(words.Groups["name"].Value, "");
        found.Add(new Declaration(home, $"{modifier}{kind} {name}{constraints}"));
        var full = home.Length == 0 ? name : $"{home}.{name}";
        foreach (var b in ListingText.SplitList(bases)) found.Add(new Declaration(full, $": {b}"));
        return full.Replace(" ", "", StringComparison.Ordinal);
    }

    private static void Add(HashSet<Declaration> found, string owner, string statement)
    {
        var text = ListingText.Clean(statement);
        if (EnumMember().IsMatch(text))
        {
            found.Add(new Declaration(owner, text.TrimEnd(',')));
            return;
        }

        if (TypeHeader().IsMatch(Parts(text).Head.Split(':')[0].Replace("{ }", "", StringComparison.Ordinal).Trim()))
        {
            AddType(found, owner, text.Replace("{ }", "", StringComparison.Ordinal));
            return;
        }

        found.Add(new Declaration(owner, ListingText.Member(text, owner)));
    }

    private static (string Head, string Constraints) Parts(string text)
    {
        var at = text.IndexOf(" where ", StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], ListingText.Constraints(text[at..]));
    }

    [GeneratedRegex(@"(;|\{ \}|\}|= -?\d+,)$")]
    private static partial Regex EndOfMember();

    [GeneratedRegex(@"^\w+ = -?\d+,?$")]
    private static partial Regex EnumMember();

    [GeneratedRegex(@"^(?<before>(\w+ )*?)(?<kind>class|struct|interface|enum) (?<after>(static |abstract |sealed )?)(?<name>\w+(<.*>)?)$")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\b(in|out) (?=\w)")]
    private static partial Regex Variance();
}
