using System.Globalization;
using System.Text.RegularExpressions;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>Mends what the two versions of the generator print differently, or differently from what reflection tells.</summary>
public static partial class ListingText
{
    /// <summary>Without attributes, without the nullability of reference types, without the modifiers that do not count.</summary>
    public static string Clean(string text)
    {
        var clean = WithoutAttributes(text).Trim();
        clean = Modifiers().Replace(clean, "");
        clean = NullableMark().Replace(clean, m => IsValue(m.Groups[1].Value) ? m.Value : m.Groups[1].Value);
        return clean.Replace("new ()", "new()", StringComparison.Ordinal).Replace(">?", ">", StringComparison.Ordinal).Replace("]?", "]", StringComparison.Ordinal);
    }

    /// <summary>A cleaned member in the words of <see cref="MemberText"/>.</summary>
    public static string Member(string text, string owner)
    {
        var constraints = "";
        var where = text.IndexOf(" where ", StringComparison.Ordinal);
        if (where >= 0)
        {
            constraints = Constraints(text[where..].Replace("{ }", "", StringComparison.Ordinal).TrimEnd(';', ' '));
            text = text[..where];
        }

        text = text.Replace("{ }", "", StringComparison.Ordinal).TrimEnd(';', ' ');
        text = Regex.Replace(text, @"\binit;", "set;");
        text = DefaultValue().Replace(text, m => $" = {Default(m.Groups[1].Value)}");
        text = Regex.Replace(text, @"(?<=static [^(]*\s)(?<!operator )(==|!=|<=|>=|<|>|\+|-)(?=\s*\()", "operator $1");
        var name = owner.Split('<')[0].Split('.')[^1];
        text = Regex.Replace(text, $@"^(protected )?{Regex.Escape(name)}\s*\(", "$1.ctor(");
        return text + constraints;
    }

    public static string Constraints(string text) => string.Concat(
        text.Split(" where ", StringSplitOptions.RemoveEmptyEntries).Select(c => c.Trim()).Where(c => c.Length > 0)
            .Select(c => c.Split(':', 2))
            .Select(c => (Name: c[0].Trim().Split(' ')[^1], Parts: SplitList(c[1]).Where(p => p != "notnull").Select(p => p.TrimEnd('?')).ToList()))
            .Where(c => c.Parts.Count > 0)
            .Select(c => $" where {c.Name}:{string.Join(",", c.Parts)}"));

    /// <summary>At the commas outside of angle brackets.</summary>
    public static IEnumerable<string> SplitList(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                var part = text[start..i].Trim();
                if (part.Length > 0) yield return part;
                start = i + 1;
            }
            else
            {
                depth += text[i] is '<' or '(' ? 1 : text[i] is '>' or ')' ? -1 : 0;
            }
        }
    }

    /// <summary>Round, square and curly brackets that are open at the end, texts left out.</summary>
    public static int Balance(string text)
    {
        var bare = Literals().Replace(text, "");
        return bare.Count(c => c is '[' or '(' or '{') - bare.Count(c => c is ']' or ')' or '}');
    }

    /// <summary>An attribute is a square bracket with a name right after it; an array's or indexer's holds none or follows a word.</summary>
    private static string WithoutAttributes(string text)
    {
        for (var at = AttributeStart().Match(text); at.Success; at = AttributeStart().Match(text))
        {
            var end = at.Index + 1;
            while (end < text.Length && Balance(text[at.Index..end]) != 0) end++;
            text = text[..at.Index] + text[end..].TrimStart();
        }

        return text;
    }

    private static string Default(string value)
    {
        if (value is "null" || value.StartsWith("default", StringComparison.Ordinal)) return "default";
        if (decimal.TryParse(value.TrimEnd('D', 'F', 'L', 'M', 'U', 'd', 'f', 'm', 'u'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number.ToString("0.############################", CultureInfo.InvariantCulture);
        }

        var dot = value.LastIndexOf('.');
        if (dot > 0 && value[0] != '"' && FindType(value[..dot]) is { IsEnum: true } type)
        {
            return Convert.ToInt64(Enum.Parse(type, value[(dot + 1)..]), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        return value;
    }

    private static bool IsValue(string name) =>
        TypeNames.Words.FirstOrDefault(w => w.Value == name).Key?.IsValueType ?? FindType(name)?.IsValueType ?? false;

    private static Type? FindType(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name, throwOnError: false)).FirstOrDefault(t => t != null);

    [GeneratedRegex(@"(?<!this)(?<![\w>\]?])\[(?=(return: )?[A-Z])|(?<=this\[)\[")]
    private static partial Regex AttributeStart();

    [GeneratedRegex(@"""(\\.|[^""\\])*""|'(\\.|[^'\\])'")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\b(public|virtual|override|new(?! ?\()|async|unsafe|extern|partial|volatile|(?<=readonly )ref(?= struct)|readonly(?= (ref )?struct)|(?<!^|public )abstract|(?<!^|public )sealed|abstract(?! class)|sealed(?! class)) ")]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"([\w.]+)\?")]
    private static partial Regex NullableMark();

    [GeneratedRegex(@" = (""[^""]*""|'[^']*'|[^,);{\s]+(?:\([^)]*\))?)")]
    private static partial Regex DefaultValue();
}
