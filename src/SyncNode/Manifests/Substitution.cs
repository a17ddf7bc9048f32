using System.Text;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>
/// <c>${NAME}</c>, <c>${NAME:-otherwise}</c> and <c>${file:path}</c> in a manifest's texts, so that no secret has to stand in it. <c>$${</c> is a plain
/// <c>${</c>. A file's trailing line break is left out; a relative path counts from the manifest's folder.
/// </summary>
internal sealed class Substitution(Func<string, string?> environment, string folder)
{
    /// <summary>Secrets are short: a larger file is not one.</summary>
    private const long MaxFileBytes = 64 * 1024;

    public string Apply(string text, Action<string, string> mistake)
    {
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            if (open < 0) return result.Append(text, at, text.Length - at).ToString();
            if (open > at && text[open - 1] == '$')
            {
                result.Append(text, at, open - 1 - at).Append("${");
                at = open + 2;
                continue;
            }
            result.Append(text, at, open - at);
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                mistake("'${' without '}'", "write $${ for a plain ${");
                return text;
            }
            result.Append(Value(text[(open + 2)..close], mistake));
            at = close + 1;
        }
        return result.ToString();
    }

    private string Value(string name, Action<string, string> mistake)
    {
        if (name.StartsWith("file:", StringComparison.Ordinal)) return FromFile(name["file:".Length..], mistake);
        var split = name.IndexOf(":-", StringComparison.Ordinal);
        var variable = split < 0 ? name : name[..split];
        if (environment(variable) is { Length: > 0 } value) return value;
        if (split >= 0) return name[(split + 2)..];
        mistake($"the environment variable {variable} is not set", $"set it, or give a default: ${{{variable}:-…}}");
        return "";
    }

    private string FromFile(string path, Action<string, string> mistake)
    {
        var full = Path.GetFullPath(path, folder);
        try
        {
            if (new FileInfo(full) is { Exists: true, Length: > MaxFileBytes })
            {
                mistake($"the file {full} is larger than {MaxFileBytes / 1024} KiB", "name a file that holds the value alone");
                return "";
            }
            return File.ReadAllText(full).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistake($"the file {full} cannot be read ({e.Message})", "check its name and its rights");
            return "";
        }
    }
}
