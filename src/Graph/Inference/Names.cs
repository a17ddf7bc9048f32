using System.Text;

namespace PolyglotSync.Graph.Inference;

/// <summary>The graph's names for tables and columns. Only English plurals that are plain are made singular: a wrong singular reads worse than a plural.</summary>
internal static class Names
{
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.OrdinalIgnoreCase)
    {
        ["people"] = "person", ["children"] = "child", ["men"] = "man", ["women"] = "woman", ["mice"] = "mouse", ["geese"] = "goose", ["feet"] = "foot",
        ["teeth"] = "tooth", ["indices"] = "index", ["vertices"] = "vertex", ["matrices"] = "matrix", ["criteria"] = "criterion",
        ["movies"] = "movie", ["cookies"] = "cookie", ["ties"] = "tie", ["pies"] = "pie", ["lies"] = "lie", ["zombies"] = "zombie", ["calories"] = "calorie",
        ["leaves"] = "leaf", ["lives"] = "life", ["wives"] = "wife", ["shelves"] = "shelf", ["quizzes"] = "quiz", ["databases"] = "database", ["aliases"] = "alias",
        ["statuses"] = "status", ["buses"] = "bus", ["viruses"] = "virus", ["bonuses"] = "bonus", ["campuses"] = "campus", ["caches"] = "cache",
        ["heroes"] = "hero", ["potatoes"] = "potato", ["tomatoes"] = "tomato", ["axes"] = "axis", ["analyses"] = "analysis", ["theses"] = "thesis",
        ["crises"] = "crisis", ["bases"] = "base", ["gases"] = "gas", ["lenses"] = "lens", ["canvases"] = "canvas", ["atlases"] = "atlas", ["biases"] = "bias", ["censuses"] = "census",
        ["oxen"] = "ox", ["dice"] = "die", ["wolves"] = "wolf", ["knives"] = "knife", ["halves"] = "half", ["thieves"] = "thief", ["loaves"] = "loaf", ["echoes"] = "echo",
        ["vetoes"] = "veto", ["diagnoses"] = "diagnosis", ["hypotheses"] = "hypothesis", ["synopses"] = "synopsis", ["phenomena"] = "phenomenon", ["appendices"] = "appendix",
    };

    private static readonly HashSet<string> Unchanged = new(StringComparer.OrdinalIgnoreCase)
    {
        "status", "news", "series", "species", "means", "lens", "canvas", "alias", "bus", "bias", "atlas", "campus", "virus", "bonus", "corpus", "census", "radius",
        "gas", "plus", "chaos", "analysis", "basis", "axis", "crisis", "thesis", "diagnosis", "synopsis", "emphasis", "physics", "mathematics", "economics", "politics",
        "statistics", "analytics", "goods", "clothes", "sms", "dns", "gps", "os", "aws", "css", "https", "rss", "pos", "cms",
        "us", "is", "has", "was", "this", "address", "business", "process", "access", "progress", "success", "tennis", "iris",
    };

    /// <summary><c>order_items</c> → <c>OrderItem</c>; words of other scripts keep their letters.</summary>
    public static string Label(string table)
    {
        var words = Words(table);
        if (words.Count == 0) return table;
        words[^1] = Singular(words[^1]);
        return string.Concat(words.Select(Capital));
    }

    /// <summary><c>publicName</c> → <c>PublicName</c>.</summary>
    public static string Pascal(string name) => string.Concat(Words(name).Select(Capital));

    /// <summary><c>author</c>, <c>authorId</c> → <c>AUTHOR</c>, <c>AUTHOR_ID</c>.</summary>
    public static string Upper(string name)
    {
        var words = Words(name);
        return words.Count == 0 ? name : string.Join('_', words.Select(w => w.ToUpperInvariant()));
    }

    /// <summary>The role that a referring column names: <c>author_id</c> → <c>AUTHOR</c>.</summary>
    public static string Role(string column)
    {
        var upper = Upper(column);
        foreach (var suffix in (string[])["_ID", "_UUID", "_GUID", "_FK"])
            if (upper.EndsWith(suffix, StringComparison.Ordinal) && upper.Length > suffix.Length) return upper[..^suffix.Length];
        return upper;
    }

    /// <summary>
    /// The role that a constraint's name gives: <c>comments_reply_to</c> and <c>fk_comments_reply_to</c> of table comments → <c>REPLY_TO</c>. Null for one that PostgreSQL made
    /// up (<c>comments_post_id_fkey</c>), and where nothing but the table's name is in it.
    /// </summary>
    public static string? Given(string table, string constraint)
    {
        var words = Words(constraint).Select(w => w.ToUpperInvariant()).ToList();
        if (words.Count == 0 || words[^1].TrimEnd([.. "0123456789"]) == "FKEY") return null;
        if (words is ["FK", _, ..]) words.RemoveAt(0);
        if (words is [_, .., "FK"]) words.RemoveAt(words.Count - 1);
        var own = Words(table).Select(w => w.ToUpperInvariant()).ToList();
        if (words.Count > own.Count && words.Take(own.Count).SequenceEqual(own)) words.RemoveRange(0, own.Count);
        return words.SequenceEqual(own) ? null : string.Join('_', words);
    }

    public static string Singular(string word)
    {
        // a name in capitals is read as one in small letters
        if (word.Length > 3 && word.All(c => !char.IsLower(c)) && word.Any(char.IsUpper)) return Singular(word.ToLowerInvariant()).ToUpperInvariant();
        if (Irregular.TryGetValue(word, out var irregular)) return char.IsUpper(word[0]) ? Capital(irregular) : irregular;
        if (Unchanged.Contains(word) || word.Length < 4 || !word.EndsWith('s')) return word;
        if (word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal) || word.EndsWith("is", StringComparison.Ordinal)) return word;
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4) return word[..^3] + "y";
        foreach (var ending in (string[])["sses", "shes", "ches", "xes", "zzes"])
            if (word.EndsWith(ending, StringComparison.Ordinal)) return word[..^2];
        return word[..^1];
    }

    /// <summary>Words parted by anything that is neither letter nor digit, and where a small letter is followed by a capital.</summary>
    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var isLetter = char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark;
            if (word.Length > 0 && (!isLetter || (char.IsUpper(c) && char.IsLower(name[i - 1]))))
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (isLetter) word.Append(c);
        }
        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
